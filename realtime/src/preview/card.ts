import {
  type EmbedCard,
  type EmbedPreview,
  type Preview,
  type PreviewCard,
  plainLine,
} from "@openmates-share/protocol/wire";

/** What a link can point to. */
export type Subject = "chat" | "embed";

const GENERIC: Record<Subject, Pick<PreviewCard, "title" | "summary">> = {
  chat: {
    title: "Shared chat on OpenMates",
    summary: "This conversation is end-to-end encrypted. Open the link to read it.",
  },
  embed: {
    title: "Shared on OpenMates",
    summary: "This is end-to-end encrypted. Open the link to see it.",
  },
};

/** The card for a preview, or the generic one, which is the same for everything that has no preview (R6). */
export function cardOf({
  subject,
  preview,
  publicUrl,
}: {
  subject: Subject;
  preview: Preview | null;
  publicUrl: string;
}): PreviewCard {
  if (preview === null) {
    return { ...GENERIC[subject], category: null, image: `${publicUrl}/og/default.png`, generic: true };
  }
  const { category } = preview;
  const title = plainLine(preview.title) || GENERIC[subject].title;
  return {
    title,
    summary: plainLine(preview.summary),
    category,
    image: `${publicUrl}/og/${category}.png`,
    generic: false,
  };
}

/** The same for an embed, with the picture of its type. */
export function embedCardOf({ preview, publicUrl }: { preview: EmbedPreview | null; publicUrl: string }): EmbedCard {
  if (preview === null) {
    const { category: _, ...card } = cardOf({ subject: "embed", preview, publicUrl });
    return { ...card, type: null };
  }
  return {
    title: plainLine(preview.title) || GENERIC.embed.title,
    summary: plainLine(preview.summary),
    type: preview.type,
    image: `${publicUrl}/og/embed_${preview.type}.png`,
    generic: false,
  };
}
