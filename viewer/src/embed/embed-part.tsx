import { type EmbedRef, embedTypeOf, type FilePart, type ImagePart } from "@openmates-share/client";
import { useCallback, useState } from "preact/hooks";
import { IconButton } from "../app/icon-button.tsx";
import { lazy } from "../app/lazy.tsx";
import { useSession } from "../app/session.ts";
import { FileView } from "./file-view.tsx";
import { isDrawn } from "./image-format.ts";
import { ImageView } from "./image-view.tsx";
import { type MessagePlace, useMessagePlace } from "./message-place.ts";
import { ownPicture } from "./own-pictures.ts";
import type { OpenPicture } from "./use-picture.ts";
import "../styles/embed.css";

const ShareEmbedDialog = lazy(async () => (await import("./share-embed-dialog.tsx")).ShareEmbedDialog);

/** A picture or a file in a message. */
export function EmbedPart({ part }: { part: ImagePart | FilePart }) {
  const place = useMessagePlace();
  const { embed } = part;
  if (!embed || !place) return null;
  return <PlacedPart part={part} embed={embed} place={place} />;
}

function PlacedPart({ part, embed, place }: { part: ImagePart | FilePart; embed: EmbedRef; place: MessagePlace }) {
  const { client } = useSession();
  const { chat, sender, mine } = place;
  const open = useCallback(
    (signal: AbortSignal) => client.openEmbed({ ref: embed, chat, sender }, { signal }),
    [client, embed, chat, sender],
  );
  const openPicture = useCallback<OpenPicture>(
    async (signal) => {
      const own = ownPicture(embed.id);
      return own ? { blob: async () => own } : open(signal);
    },
    [embed, open],
  );
  const [sharing, setSharing] = useState(false);
  const noun = part.type === "image" ? "picture" : "file";
  const share = mine && (
    <IconButton icon="share" label={`Share this ${noun} on its own`} onClick={() => setSharing(true)} />
  );
  const drawn = part.type === "image" && isDrawn(part);
  return (
    <div class="embed-part">
      {drawn ? (
        <ImageView {...part} open={openPicture}>
          {share && <div class="embed-image-actions">{share}</div>}
        </ImageView>
      ) : (
        <FileView {...part} type={embedTypeOf(part)} open={open}>
          {share}
        </FileView>
      )}
      {sharing && <ShareEmbedDialog open={open} chat={chat} onClose={() => setSharing(false)} />}
    </div>
  );
}
