import { type MessageId, type Room, type RoomState, type ShareClient, textParts } from "@openmates-share/client";
import { inTime } from "@openmates-share/testing/in-time";

/** What is written, attached, asked and taken back in a chat; each text is found nowhere else in the world. */
export interface Words {
  readonly first: string;
  readonly edited: string;
  readonly takenBack: string;
  readonly withheld: string;
  readonly fileName: string;
  readonly file: string;
  readonly filePassword: string;
  readonly fileLabel: string;
  readonly ownModel: string;
  readonly ownModelKey: string;
  readonly ownAnswer: string;
  readonly forkTitle: string;
}

export interface Chatting {
  readonly owner: ShareClient;
  readonly friend: ShareClient;
  readonly ownersRoom: Room;
  readonly friendsRoom: Room;
  readonly words: Words;
}

/** Uses of a chat whatever leaves something in a store: amendments, files, own models, read marks, a fork, an offer. */
export async function useWholeChat(chatting: Chatting): Promise<void> {
  const { ownersRoom, friendsRoom, words } = chatting;
  const first = await friendsRoom.send(words.first);
  await until(ownersRoom, ({ messages }) => messages.loaded.some(({ id }) => id === first));
  await ownersRoom.react(first, "👍", true);
  await friendsRoom.edit(first, words.edited);
  await friendsRoom.send(words.withheld, { withheld: true });
  await friendsRoom.redact(await friendsRoom.send(words.takenBack));
  ownersRoom.markRead(ownersRoom.state.messages.through);
  const me = ownersRoom.state.me;
  await until(friendsRoom, ({ people }) => people.some(({ sender, readThrough }) => sender === me && readThrough > 0));
  await attachAndShare(chatting);
  await answerWithOwnModel(chatting, first);
  await chatting.friend.fork(friendsRoom, { title: words.forkTitle });
  const heir = friendsRoom.state.me;
  if (heir) await (await chatting.owner.handingOver()).offer(ownersRoom.chat, heir);
}

async function attachAndShare({ owner, ownersRoom, words }: Chatting): Promise<void> {
  const { chat } = ownersRoom;
  const blob = new Blob([words.file]);
  const named = { name: words.fileName, mediaType: "text/plain" };
  const { ref: embed } = await owner.uploadEmbed({ ...named, blob, chat });
  await ownersRoom.send("", { attachments: [{ type: "file", ...named, size: blob.size, embed }] });
  const sender = ownersRoom.state.me;
  if (!sender) throw new Error("the owner writes");
  const opened = await owner.openEmbed({ ref: embed, chat, sender });
  await (await owner.embeds()).share(opened, { password: words.filePassword, label: words.fileLabel, chat });
}

async function answerWithOwnModel({ friend, friendsRoom, words }: Chatting, message: MessageId): Promise<void> {
  const store = await friend.ownModel();
  const settings = { address: "http://127.0.0.1:9/v1", model: words.ownModel, key: words.ownModelKey };
  const { model: name } = await store.set(settings);
  const own = {
    name,
    async *stream() {
      yield words.ownAnswer;
      return "complete" as const;
    },
  };
  await friendsRoom.ask(message, { own });
  const answered = ({ body }: RoomState["messages"]["loaded"][number]) =>
    body.type === "content" && body.content.type === "message" && body.content.answer !== null;
  await until(friendsRoom, ({ messages }) => messages.loaded.some(answered));
}

/** A conversation of two turns. */
export function conversationOf(title: string, [question, answer]: readonly [string, string]) {
  const turn = { name: "", time: null, model: null };
  return {
    title,
    messages: [
      { ...turn, role: "user", parts: textParts(question) },
      { ...turn, role: "assistant", parts: textParts(answer) },
    ],
  } as const;
}

/** @throws Error that says what was waited for, and what the chat has instead */
export function until(room: Room, holds: (state: RoomState) => boolean): Promise<void> {
  const coming = new Promise<void>((resolve) => {
    const unsubscribe = room.subscribe(check);
    function check(state: RoomState) {
      if (!holds(state)) return;
      unsubscribe();
      resolve();
    }
    check(room.state);
  });
  const has = () =>
    JSON.stringify({ ...room.state, messages: [...room.state.messages.loaded].map(({ body }) => body) });
  return inTime(coming, { complaint: () => `It did not come to be in the chat: ${holds}; there is ${has()}` });
}
