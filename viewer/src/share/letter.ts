/** What somebody's own mail program begins with, and what they can copy: the person sees it before it goes anywhere. */
export function letter({ url, title }: { url: string; title: string }): { subject: string; text: string } {
  const named = title.trim() === "" ? "a chat" : `“${title.trim()}”`;
  return {
    subject: title.trim() === "" ? "A chat for you" : title.trim(),
    text: `I’d like to share ${named} with you:\n\n${url}\n\nThe part after # is the key, so please keep the link whole and to yourself.`,
  };
}

export function mailto({ address, url, title }: { address: string | null; url: string; title: string }): string {
  const { subject, text } = letter({ url, title });
  const to = address === null ? "" : encodeURIComponent(address);
  return `mailto:${to}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text)}`;
}
