import {
  type ContentRole,
  messageText,
  type Part,
  type RoomMessage,
  type RoomState,
  type Standing,
} from "@openmates-share/client";
import { type AncestryJson, ancestryJson, ancestryLines } from "./ancestry-text.ts";
import { claimedName } from "./claimed-name.ts";
import { harmless, harmlessLine } from "./harmless.ts";

/** A chat as `--json` gives it; `share` reads it again. */
export interface ChatJson {
  readonly chat: string;
  readonly title: string;
  /** When the owner last sealed the shared part, milliseconds since 1970. */
  readonly sealedAt: number | null;
  readonly sharedThrough: number;
  /** Only of a fork: where it came from. */
  readonly ancestry?: AncestryJson;
  readonly messages: readonly MessageJson[];
}

type MessageJson = { readonly seq: number; readonly id: string } & (
  | {
      readonly type: "message" | "reply";
      readonly role: ContentRole;
      readonly name: string;
      /** All of it as markdown. */
      readonly text: string;
      /** As the protocol has them, except that files come without their keys; a reply is only text. */
      readonly parts?: readonly Part[];
      readonly time: number | null;
      readonly model: string | null;
      /** When it was last edited, milliseconds since 1970; absent for what never was. */
      readonly editedAt?: number | null;
      /** Only of what a fork took over: how it stands to its source. */
      readonly standing?: Standing;
    }
  | { readonly type: "deleted"; readonly by: "sender" | "owner" }
  | { readonly type: "join"; readonly name: string; readonly time: number | null }
  | { readonly type: "unknown"; readonly named: string }
  | { readonly type: "broken"; readonly code: string }
);

type Spoken = Extract<MessageJson, { type: "message" | "reply" }>;

/** What is printed of a chat: how it stands, and all of its messages. */
export interface WholeChat {
  readonly state: Pick<RoomState, "chat" | "title" | "integrity" | "sharedThrough" | "ancestry">;
  readonly messages: readonly RoomMessage[];
}

export function chatJson({ state, messages }: WholeChat): ChatJson {
  const { chat, title, integrity, sharedThrough, ancestry } = state;
  const sealedAt = integrity.state === "sealed" ? integrity.time : null;
  return {
    ...{ chat, title, sealedAt, sharedThrough },
    ...(ancestry && { ancestry: ancestryJson(ancestry, messages) }),
    messages: messages.flatMap((message) => {
      const json = messageJson(message);
      const standing = ancestry?.judge(message) ?? null;
      return json === null ? [] : standing === null || !("text" in json) ? json : { ...json, standing };
    }),
  };
}

/** Null for what only says something about other messages: they are given as they are now. */
function messageJson({ seq, id, body, edited }: RoomMessage): MessageJson | null {
  switch (body.type) {
    case "broken":
      return { seq, id, type: "broken", code: body.code };
    case "reply": {
      const { text, time, model } = body.reply;
      return { seq, id, type: "reply", role: "assistant", name: "OpenMates", text, time, model };
    }
    case "redacted":
      return { seq, id, type: "deleted", by: body.by };
    case "content":
      break;
  }
  const { content } = body;
  switch (content.type) {
    case "join":
      return { seq, id, type: "join", name: content.name, time: content.time };
    case "edit":
    case "redaction":
    case "reaction":
    case "withholding":
    case "offering":
      return null;
    case "unknown":
      // They are told of in `ancestry`.
      if (content.named === "origin" || content.named === "lineage") return null;
      return { seq, id, type: "unknown", named: content.named };
    case "message": {
      const { role, name, time, model } = content;
      const parts = content.parts.map((part) => ("embed" in part ? { ...part, embed: null } : part));
      const message = { seq, id, type: "message", role, name, text: messageText(content), parts, time, model } as const;
      return edited ? { ...message, editedAt: edited.time } : message;
    }
  }
}

/** A chat as Markdown, with a heading for each message; harmless on a terminal. */
export function chatMarkdown(chat: WholeChat): string {
  const { title, messages } = chatJson(chat);
  return `${[`# ${harmlessLine(title)}`, ...messages.flatMap((message) => messageMarkdown(message) ?? [])].join("\n\n")}\n`;
}

function messageMarkdown(message: MessageJson): string | null {
  switch (message.type) {
    case "join":
      return null;
    case "unknown":
      return `*(A message of a kind that this version does not know: ${harmlessLine(message.named)})*`;
    case "broken":
      return "*(A message that can't be opened)*";
    case "deleted":
      return message.by === "owner" ? "*(A message that the owner removed)*" : "*(A message that was deleted)*";
    case "message":
    case "reply":
      return `## ${speaker(message)}${editedMark(message)}\n\n${harmless(message.text).trimEnd()}`;
  }
}

/** A chat for reading on a terminal: who and when on a line, then the text, set in. */
export function chatReading(chat: WholeChat): string {
  const { title, messages, sharedThrough, ancestry } = chatJson(chat);
  const shared = messages.filter(({ seq }) => seq <= sharedThrough).flatMap((message) => messageReading(message) ?? []);
  const since = messages.filter(({ seq }) => seq > sharedThrough).flatMap((message) => messageReading(message) ?? []);
  const boundary = since.length > 0 ? ["── Readers of read-only links see the chat up to here ──"] : [];
  const origin = ancestry ? [ancestryLines(ancestry).join("\n")] : [];
  return `${[harmlessLine(title), ...origin, ...shared, ...boundary, ...since].join("\n\n")}\n`;
}

function messageReading(message: MessageJson): string | null {
  if (message.type !== "message" && message.type !== "reply") return messageMarkdown(message);
  const time = message.time === null ? "" : ` · ${new Date(message.time).toISOString().slice(0, 16).replace("T", " ")}`;
  const model = message.model === null ? "" : ` · ${harmlessLine(message.model)}`;
  const text = harmless(message.text)
    .trimEnd()
    .replace(/^(?=.)/gm, "  ");
  return `${speaker(message)}${model}${time}${editedMark(message)}\n${text}`;
}

function editedMark({ editedAt, standing }: { editedAt?: number | null; standing?: Standing }): string {
  const mark = standing ? STANDINGS[standing] : "";
  return editedAt === undefined ? mark : ` · edited${mark}`;
}

/** Beside who speaks; nothing of what is as it was. */
const STANDINGS: Readonly<Record<Standing, string>> = {
  sealed: "",
  edited: " · edited in the source",
  signed: " · not sealed in the source",
  unproven: " · NOT VERIFIED",
  misplaced: " · NOT WHERE IT STOOD",
};

const GENERIC: Readonly<Record<ContentRole, string>> = {
  user: "User",
  assistant: "Assistant",
  system: "System",
  tool: "Tool",
};

function speaker({ type, name, role }: Spoken): string {
  const shown = type === "reply" ? harmlessLine(name) : claimedName(name, role);
  return shown || GENERIC[role];
}
