import { type Content, MATE_NAME, messageText, type RoomMessage, type RoomState } from "@openmates-share/client";
import { claimedName } from "../claimed-name.ts";
import { harmless, harmlessLine } from "../harmless.ts";

type Names = Pick<RoomState, "people" | "me" | "messages">;

/** A message as it stands in a running chat: a number to refer to, when, who and what; harmless. Empty for what shows nothing. */
export function messageLines(message: RoomMessage, names: Names): string {
  const { seq, body, doubt } = message;
  switch (body.type) {
    case "broken":
      return note(`Message ${seq} can't be opened: ${harmlessLine(body.message)}`);
    case "redacted":
      return note(`Message ${seq} was ${body.by === "owner" ? "removed by the owner" : "deleted"}.`);
    case "reply":
      return spoken({ seq, time: body.reply.time, name: MATE_NAME, text: body.reply.text });
    case "content":
      return contentLines(body.content, { message, names }) + warningOf(doubt);
  }
}

function warningOf(doubt: string | null): string {
  return doubt === null ? "" : `\n  (Careful: ${harmlessLine(doubt)})`;
}

/** Empty for what shows nothing. */
function contentLines(content: Content, { message, names }: { message: RoomMessage; names: Names }): string {
  const who = nameOf(message.sender, names);
  switch (content.type) {
    case "message":
      return wordsLines(content, { message, names });
    case "join":
      return note(`${claimedName(content.name)} joined.`);
    case "edit":
      return note(`${who} edited ${numberOf(content.target, names)}: ${harmlessLine(messageText(content))}`);
    case "redaction":
      return note(`${who} took ${numberOf(content.target, names)} away.`);
    case "reaction": {
      const [did, where] = content.on ? ["put", "to"] : ["took", "from"];
      return note(`${who} ${did} ${harmlessLine(content.emoji)} ${where} ${numberOf(content.target, names)}.`);
    }
    case "unknown":
      return SILENT.has(content.named) ? "" : note(`${who} wrote something that this version does not know.`);
    default:
      return "";
  }
}

/** They say something about the chat as a whole. */
const SILENT: ReadonlySet<string> = new Set(["origin", "lineage"]);

function wordsLines(
  content: Extract<Content, { type: "message" }>,
  { message, names }: { message: RoomMessage; names: Names },
): string {
  const { role, name, time, replyTo, answer } = content;
  const unnamed = role === "user" ? nameOf(message.sender, names) : role;
  const to = replyTo === null ? "" : replyMark(names.messages.loaded.find(({ id }) => id === replyTo));
  return spoken({
    seq: message.seq,
    time,
    // Whose model that was is not for its writer to name (SPEC A10).
    name: answer ? ownModelOf(message.sender, names) : claimedName(name, role) || unnamed,
    text: `${to}${messageText(content)}`,
  });
}

export function note(sentence: string): string {
  return `· ${sentence}`;
}

/** `[12] 14:03 Ada: …`; further lines are set in. */
export function spoken(options: { seq: number | null; time: number | null; name: string; text: string }): string {
  const { seq, time, name, text } = options;
  const head = [seq === null ? null : `[${seq}]`, time === null ? null : clock(time), `${name}:`];
  return `${head.filter((part) => part !== null).join(" ")} ${setIn(harmless(text).trimEnd())}`;
}

/** All lines but the first set in. */
export function setIn(text: string): string {
  return text.replace(/\n(?=.)/g, "\n  ");
}

export function nameOf(sender: RoomMessage["sender"], { people, me }: Pick<Names, "people" | "me">): string {
  const found = people.find((person) => person.sender === sender);
  const name = claimedName(found?.name ?? "") || "Somebody";
  return sender === me ? `${name} (you)` : name;
}

/** Who answers with a model of their own (SPEC A9). */
export function ownModelOf(sender: RoomMessage["sender"], names: Pick<Names, "people" | "me">): string {
  return `${nameOf(sender, { ...names, me: null })}’s own model`;
}

function numberOf(id: RoomMessage["id"], { messages }: Pick<Names, "messages">): string {
  const found = messages.loaded.find((message) => message.id === id);
  return found ? `[${found.seq}]` : "an earlier message";
}

function replyMark(target: RoomMessage | undefined): string {
  return target ? `(to [${target.seq}]) ` : "(to an earlier message) ";
}

function clock(time: number): string {
  const date = new Date(time);
  const hours = `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
  const day = `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
  return new Date().toDateString() === date.toDateString() ? hours : `${day} ${hours}`;
}
