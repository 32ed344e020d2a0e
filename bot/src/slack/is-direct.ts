/** Whether it is a conversation between people, which has no name that they gave it: of two, or of several (`mpdm-ada--grace-1`). */
export function isDirect({ channel, name }: { channel: string; name?: string | null | undefined }): boolean {
  return channel.startsWith("D") || name === "directmessage" || (name?.startsWith("mpdm-") ?? false);
}
