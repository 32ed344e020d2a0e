import { MATE_NAME, type RoomMessage, type ShareClient, textParts } from "@openmates-share/client";
import { breathe, type ReadingSource, type SpokenMessage } from "../reading/reading-source.ts";
import type { RoomModel } from "./room-model.ts";
import { authorOf, speakerOf } from "./speaker.ts";

/** The messages of an open chat, for the tools that read all of it. */
export function roomSource(model: RoomModel, client: ShareClient): ReadingSource {
  const { messages, title } = model.state.value;
  const { room } = model;
  return {
    title,
    length: messages.through,
    together: model.together.value,
    at: (index) => spoken(messages.at(index + 1), model),
    linkTo: (id) => client.linkTo(room.chat, { message: id as RoomMessage["id"] }),
    ...(room.sealed && {
      fork: ({ through, ...options }) => client.fork(room, { ...options, ...(through === null ? {} : { through }) }),
      keep: async (options) => {
        const { keptPage } = await import("../kept/kept-page.ts");
        return keptPage(await client.keep(room, options));
      },
    }),
    writing: model.writing,
    listReactions: (id) => {
      const listed = id as RoomMessage["id"];
      if (model.reactions.value.of(listed).length === 0) return null;
      return () => {
        model.listing.value = listed;
      };
    },
    changesTo: (id) => {
      const message = model.find(id as RoomMessage["id"]);
      return message ? (model.changesTo?.(message) ?? null) : null;
    },
    load: (first, last) => room.load(first + 1, last + 1),
    async *read({ signal, from = 0 }) {
      for await (const page of room.read({ from: from + 1, signal })) {
        yield page.map((message) => spoken(message, model)).filter((message) => message !== null);
        await breathe();
      }
    },
  };
}

function spoken(message: RoomMessage | undefined, model: RoomModel): SpokenMessage | null {
  if (!message || message.body.type === "broken" || message.body.type === "redacted") return null;
  const { id, seq, body } = message;
  const at = { index: seq - 1, id, edited: message.edited?.time ?? null };
  if (body.type === "reply") {
    const { text, time, model: name } = body.reply;
    const parts = textParts(text);
    return { ...at, role: "assistant", kind: "mate", speaker: MATE_NAME, parts, time, model: name };
  }
  const { content } = body;
  if (content.type !== "message") return null;
  const { role, name, parts, time } = content;
  const speaker = speakerOf({ role, name, fallback: model.nameOf(authorOf(message)) });
  return { ...at, role, kind: speaker.kind, speaker: speaker.name, parts, time, model: content.model };
}
