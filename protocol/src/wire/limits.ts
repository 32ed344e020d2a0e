/** Every limit of the protocol, named once, with its reason (SPEC section 11). Sizes are bytes unless a name says otherwise. */
export const LIMITS = {
  /** Embeds erased with one message, in one request: their ids fit its address. */
  erasedEmbeds: 50,
  /** One message. Long answers with code reach 200 KB; at 1 MiB a page of them still fits a phone's memory. */
  envelope: 1 << 20,
  /** Messages of one chat; what databases call an integer. */
  seq: 2 ** 31 - 1,
  /** The largest epoch, for the same reason. */
  epoch: 2 ** 31 - 1,
  /** The last millisecond that a Date can name (ECMA-262 section 21.4.1.1): formatting a later one throws. */
  time: 8_640_000_000_000_000,
  /** Messages in one upload or page; with the byte limit below it bounds one request's work. */
  pageMessages: 200,
  /** Bytes of one upload or page: one message of the largest size always fits. */
  pageBytes: 4 << 20,
  /** Messages of the first page: a screen of any size is full, and they open before one has looked. */
  firstPageMessages: 40,
  /** Entries of one page of the spine: one megabyte, which carries 100,000 messages in five requests. */
  spineEntries: 20_000,
  /** A seal carries a title and three numbers. */
  seal: 4096,
  /** Wrapped keys of one link: one per epoch; epochs come from revocations, which are rare. */
  epochs: 4096,
  /** Preview title in characters: Slack and others cut at less. */
  previewTitle: 120,
  /** Preview summary in characters: card descriptions show at most about 200. */
  previewSummary: 300,
  /** Links of one chat. */
  links: 200,
  /** A link's view limit; who wants more wants none. */
  views: 1_000_000,
  /** Devices that a link remembers as having opened it, so that a view limit set later leaves them in. */
  tickets: 10_000,
  /** The shortest time that a link lives by its owner's choice: less ends before people open it. Milliseconds. */
  expiryShortest: 60 * 60 * 1000,
  /** The longest one: a year; who wants more wants none. Milliseconds. */
  expiryLongest: 366 * 24 * 60 * 60 * 1000,
  /** Members of one chat; rooms beyond that are broadcasts, which a read-only link serves better. */
  members: 1000,
  /** A link's encrypted label. */
  linkLabel: 1024,
  /** The label in it, as UTF-8. */
  linkLabelText: 512,
  /** Display name in characters. */
  name: 60,
  /** The emoji of a reaction in UTF-16 units: the longest of Unicode 17 has 15, and later ones get longer. */
  emoji: 32,
  /** Reactions of one person to one message. */
  reactions: 20,
  /** Different ones at one message: more push the messages off the screen. */
  reactionKinds: 50,
  /** Title in characters. */
  title: 300,
  /** Read marks that somebody who comes in is told: more than a screen can name. */
  readMarks: 200,
  /** Messages of an ask's context. */
  contextMessages: 200,
  /** Bytes of an ask's context: about 100,000 tokens, the window of current models. */
  contextBytes: 400_000,
  /** Bytes of a reply's text; a model that goes on beyond it is cut off and the reply says so. */
  replyBytes: 400_000,
  /** A link key in the URL: 32 bytes. */
  linkKeyCharacters: 43,
  /** A link as text: a hundred characters are ours, the rest is room for trackers. */
  shareUrlCharacters: 8192,
  /** A text in which a mention is looked for: longer ones are documents, and lexing must not hold up a keystroke. */
  mentionCharacters: 100_000,
  /** Parts of one message: an answer with a few hundred tool calls has them; more are several messages. */
  parts: 500,
  /** Lists and objects within one another, in content and parts of a later version: ours have six. */
  nesting: 32,
  /** The name of a programming language in characters. */
  language: 60,
  /** The name of a tool in characters. */
  tool: 200,
  /** A file's name in characters: what file systems take. */
  fileName: 255,
  /** A media type in characters: RFC 6838 allows 127 on either side of the slash. */
  mediaType: 255,
  /** Targets of one message's citations. */
  sources: 500,
  /** The address of one in characters: as far as browsers follow. */
  sourceUrl: 8192,
  /** Content of one embed: what mail and chat programs have made people expect of an attachment. */
  embed: 25 << 20,
  /** Names, sizes and the hashes of a hundred chunks take 8 KiB. */
  embedHeader: 16 << 10,
  /** Width or height of an image in pixels; what a JPEG can say. */
  pixels: 65_535,
  /** A model's name in characters. */
  modelName: 200,
  /** Characters of an e-mail address (RFC 5321 section 4.5.3.1.3). */
  address: 254,
  /** Characters of a token or code of Google's: they reach 2,000. */
  googleProof: 8192,
  /** A synced keyring: about 3,000 chats of a device that has opened each by a link. */
  keyring: 1 << 20,
  /** Sessions of one account; with the next one the oldest ends. */
  sessions: 100,
  /** Ways to sign in of one account. */
  identities: 10,
  /** Chats that a fork names as what it came of: forks of forks of forks, further than anybody remembers. */
  ancestors: 16,
  /** Entries of a spine in one amendment of a fork: 260 KB of it. */
  lineageEntries: 4_000,
  /** How often a chat may be handed over: every reader checks all of them. */
  successions: 64,
  /** What is sealed to somebody who may have a chat: three keys for each of its links. */
  bequest: 1 << 16,
  /** Pieces of an answer that a member passes on at once: a second of a fast model's. */
  relayedPieces: 32,
  /** One of them, sealed: a piece is a few words, or what came in while the line was busy. */
  relayedPiece: 32 << 10,
  /** The smallest that there is: padded to 64 bytes, with a tag of 16. Who comes in later gets each of them. */
  relayedPieceLeast: 80,
  /** All of one answer: its text, padding and tags, for many small pieces of 96 bytes each. */
  relayedBytes: 4 << 20,
  /** Attempts at one ask. */
  askAttempts: 10,
} as const;
