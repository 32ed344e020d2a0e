import type {
  Conversation,
  KnownChat,
  LinkFacts,
  PreviewCard,
  SharedChat,
  ShareOptions,
} from "@openmates-share/client";
import { ClientError } from "@openmates-share/client";
import { Turns } from "../src/delivery/turns.ts";
import type { Slack, View } from "../src/slack/slack.ts";
import type { SlackMessage } from "../src/slack/slack-message.ts";
import { parseSlackMessage } from "../src/slack/slack-message.ts";
import { memoryStores } from "../src/stores/memory-stores.ts";
import type { Share } from "../src/stores/stores.ts";
import type { Workspace } from "../src/workspace.ts";

export const SERVER = "https://share.example.org";
export const CHAT = "AAAAAAAAAAAAAAAAAAAAAA" as SharedChat["chat"]; // The shape of an id.
export const LINK = "BBBBBBBBBBBBBBBBBBBBBA" as SharedChat["link"];
export const KEY = "q7Zk_P2-xWv9".repeat(4).slice(0, 43);
export const SHARE_URL = `${SERVER}/share/chat/${CHAT}#key=${KEY}`;

/** What the bot did to Slack, and what was shared, in order. */
export interface Done {
  readonly slack: [method: string, request: unknown][];
  readonly shared: { conversation: Conversation; options: ShareOptions }[];
  readonly revoked: unknown[];
  readonly deleted: unknown[];
}

export interface FakeOptions {
  /** Newest first. */
  readonly messages?: readonly Record<string, unknown>[];
  readonly pageSize?: number;
  /** Thrown by the named call. */
  readonly failures?: Readonly<Record<string, Error>>;
  /** What links show at the moment; may throw. */
  readonly facts?: () => LinkFacts;
  readonly now?: () => number;
  readonly chats?: readonly Pick<KnownChat, "chat" | "title">[];
}

/** A workspace without Slack and without a server: everything it is asked is written down. */
export function fakeWorkspace(options: FakeOptions = {}): { workspace: Workspace; done: Done } {
  const done: Done = { slack: [], shared: [], revoked: [], deleted: [] };
  const { shares, unfurls, jobs, cards, mirrors } = memoryStores(options.now ? { now: options.now } : {});
  const workspace: Workspace = {
    team: "T1",
    self: { botId: "B0", botUser: "U0" },
    slack: fakeSlack(options, done),
    sharing: fakeSharing(options, done),
    shares,
    unfurls,
    jobs,
    cards,
    mirrors,
    asking: () => fakeSharing(options, done),
    lookAt: async () => (options.facts ?? startingFacts)(),
    turns: new Turns(),
  };
  return { workspace, done };
}

const startingFacts = (): LinkFacts => ({ mode: "read-only", messages: 3, expiresAt: null });

function fakeSlack(options: FakeOptions, done: Done): Slack {
  const messages = (options.messages ?? [{ ts: "1700000000.000100", user: "U1", text: "hello" }])
    .map(parseSlackMessage)
    .filter((message): message is SlackMessage => message !== null);
  const noted = (method: string) => async (request: unknown) => {
    done.slack.push([method, request]);
    fail(options, method);
  };
  const answering =
    <T>(method: string, answer: T) =>
    async (request: unknown): Promise<T> => {
      await noted(method)(request);
      return answer;
    };
  return {
    async history(request) {
      await noted("history")(request);
      const start = Number(request.cursor ?? 0);
      const end = start + Math.min(request.limit, options.pageSize ?? request.limit);
      return { messages: messages.slice(start, end), next: end < messages.length ? String(end) : null };
    },
    replies: async (request) => {
      await noted("replies")(request);
      return { messages: messages.toReversed(), next: null };
    },
    message: async ({ ts }) => {
      fail(options, "message");
      return messages.find((message) => message.ts === ts) ?? null;
    },
    personName: async (user) => ({ U1: "Ada", U2: "Grace" })[user] ?? null,
    channelName: async () => "general",
    groupName: async () => "editors",
    channel: async (id) => ({ id, name: "general", private: false, external: false, members: 3 }),
    myChannels: async () => [],
    openView: answering("openView", { id: "V1", hash: "1.1" }),
    updateView: answering("updateView", "2.1"),
    publishHome: noted("publishHome"),
    post: answering("post", "1700000099.000100"),
    update: answering("update", true),
    remove: answering("remove", true),
    respond: noted("respond"),
    whisper: noted("whisper"),
    unfurl: noted("unfurl"),
    startStream: answering("startStream", "1700000099.000200"),
    appendStream: noted("appendStream"),
    stopStream: noted("stopStream"),
    react: noted("react"),
    unreact: noted("unreact"),
    async download({ file }) {
      await noted("download")(file);
      return new Blob([`bytes of ${file.name}`]);
    },
    putFile: answering("putFile", "F1"),
    shareFile: answering("shareFile", true),
    hasFile: answering("hasFile", true),
  };
}

function fakeSharing(options: FakeOptions, done: Done): Workspace["sharing"] {
  return {
    async service() {
      fail(options, "service");
      const mate = { name: "OpenMates", publicKey: "", models: [], demo: true };
      return { publicUrl: SERVER, mate, signIn: { email: false, google: null } };
    },
    async share(conversation, shareOptions) {
      fail(options, "share");
      done.shared.push({ conversation, options: shareOptions });
      return { chat: CHAT, link: LINK, url: SHARE_URL, address: null, others: [], unmade: [] };
    },
    chats: async () => (options.chats ?? []).map((chat) => ({ owner: true, openedAt: 0, linkMode: null, ...chat })),
    async preview(): Promise<PreviewCard> {
      fail(options, "preview");
      return { title: "Tea", summary: "", category: null, image: `${SERVER}/og/default.png`, generic: false };
    },
    embedPreview: () => Promise.reject(unreachable()),
    async revokeLink(chat, link) {
      fail(options, "revokeLink");
      done.revoked.push([chat, link]);
    },
    createLink: () => Promise.reject(unreachable()),
    async deleteChat(chat) {
      done.deleted.push(chat);
    },
    // What needs a chat to write in is tested on the real server.
    reopen: () => Promise.reject(unreachable()),
    updateShared: () => Promise.reject(unreachable()),
    uploadEmbed: () => Promise.reject(unreachable()),
    openEmbed: () => Promise.reject(unreachable()),
    embeds: () => Promise.reject(unreachable()),
  };
}

/** A share as stores keep it. */
export function shareOf(over: Partial<Share> = {}): Share {
  return {
    team: "T1",
    user: "U1",
    channel: "C1",
    thread: null,
    chat: CHAT,
    link: LINK,
    lastTs: null,
    cardTs: null,
    collaborative: false,
    files: false,
    replies: false,
    expiresAt: null,
    createdAt: 1_700_000_000_000,
    ...over,
  };
}

function fail({ failures = {} }: FakeOptions, method: string): void {
  if (failures[method]) throw failures[method];
}

export const unreachable = () =>
  new ClientError("unreachable", "The server cannot be reached. Please try again.", { retryable: true });

/** The last view that was shown, opened or updated. */
export function lastView(done: Done): View {
  const call = done.slack.findLast(([method]) => method === "openView" || method === "updateView");
  if (!call) throw new Error("No view was shown.");
  return (call[1] as { view: View }).view; // Both requests have it.
}
