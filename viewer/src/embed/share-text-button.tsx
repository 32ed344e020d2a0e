import type { OpenedEmbed } from "@openmates-share/client";
import { useCallback, useRef, useState } from "preact/hooks";
import { IconButton } from "../app/icon-button.tsx";
import { lazy } from "../app/lazy.tsx";
import { useSession } from "../app/session.ts";
import { useMessagePlace } from "./message-place.ts";

const ShareEmbedDialog = lazy(async () => (await import("./share-embed-dialog.tsx")).ShareEmbedDialog);

export interface SharedText {
  readonly type: "code" | "document";
  readonly title: string;
  readonly text: string;
  /** Null for markdown. */
  readonly language: string | null;
}

/**
 * Gives code or a document of one's own message a link of its own. It stands in the message as text, so it is uploaded
 * when its owner wants that: a copy, which stays as it was and goes on when the chat is deleted.
 */
export function ShareTextButton({ type, title, text, language }: SharedText) {
  const place = useMessagePlace();
  const { client } = useSession();
  const [sharing, setSharing] = useState(false);
  const opened = useRef<Promise<OpenedEmbed> | null>(null);
  const open = useCallback(async () => {
    opened.current ??= (async () => {
      const mediaType = language === null ? "text/markdown" : "text/plain";
      const draft = { blob: new Blob([text]), name: title, mediaType, chat: null, type, language };
      const { ref } = await client.uploadEmbed(draft);
      return (await client.embeds()).openKnown(ref.id);
    })().catch((error: unknown) => {
      opened.current = null;
      throw error;
    });
    return opened.current;
  }, [client, type, title, text, language]);
  if (!place?.mine) return null;
  return (
    <>
      <IconButton icon="share" label={`Share this ${type} on its own`} onClick={() => setSharing(true)} />
      {sharing && <ShareEmbedDialog open={open} chat={null} onClose={() => setSharing(false)} />}
    </>
  );
}
