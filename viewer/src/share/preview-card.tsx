import type { ChatId, Preview, PreviewCard } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { useSession } from "../app/session.ts";

/** The id of no chat: sixteen zero bytes. */
const NO_CHAT = "AAAAAAAAAAAAAAAAAAAAAA" as ChatId;

/** The card as chats and social sites show it. Null: the generic card, asked from the server that makes it. */
export function PreviewCardView({ preview }: { preview: Preview | null }) {
  const generic = useGenericCard();
  const title = preview?.title ?? generic?.title ?? "An encrypted chat";
  const summary = preview?.summary ?? generic?.summary ?? "";
  return (
    <figure class="preview-card">
      <img src={imageOf(preview, generic)} alt="" width={1200} height={630} onError={hide} onLoad={show} />
      <figcaption>
        <span class="preview-host">{location.host}</span>
        <b dir="auto">{title}</b>
        {summary && <span dir="auto">{summary}</span>}
      </figcaption>
    </figure>
  );
}

/** The server's images lie beside each other, one for each category. */
function imageOf(preview: Preview | null, generic: PreviewCard | null): string {
  const name = preview?.category ?? "default";
  const base = generic ? new URL(generic.image).pathname.replace(/[^/]*$/, "") : "/og/";
  return `${base}${name}.png`;
}

/** Every chat without a preview has the same card, and so has every id that belongs to none. */
function useGenericCard(): PreviewCard | null {
  const { client } = useSession();
  const [card, setCard] = useState<PreviewCard | null>(null);
  useEffect(() => {
    let shown = true;
    client.preview(NO_CHAT).then(
      (found) => shown && setCard(found),
      () => undefined,
    );
    return () => {
      shown = false;
    };
  }, [client]);
  return card;
}

/** A card without its picture is still the card. */
function hide({ currentTarget }: { currentTarget: HTMLImageElement }): void {
  currentTarget.classList.add("missing");
}

function show({ currentTarget }: { currentTarget: HTMLImageElement }): void {
  currentTarget.classList.remove("missing");
}
