/** One door for the apps: sharing, opening and writing in encrypted chats. */
export type {
  Content,
  ContentRole,
  Conversation,
  ConversationMessage,
  DraftPart,
  EmbedRef,
  FilePart,
  ImagePart,
  MessageContent,
  Part,
  ReplyContent,
  Source,
} from "@openmates-share/protocol/content";
export {
  asksMate,
  COLOURS,
  isEmoji,
  MATE_NAME,
  mentionsMate,
  messageText,
  partText,
  resemblesMate,
  textParts,
} from "@openmates-share/protocol/content";
export { appUrl, parseShareUrl, type ShareLink, shareUrl, subjectOfUrl } from "@openmates-share/protocol/link";
export {
  type AccountInfo,
  type AskId,
  type AskQuota,
  CATEGORIES,
  type Category,
  CHAT_NOT_FOUND,
  type ChatId,
  EMBED_NOT_FOUND,
  EMBED_TYPES,
  type EmbedCard,
  type EmbedId,
  type EmbedType,
  LIMITS,
  type LinkAudience,
  type LinkId,
  type LinkMode,
  type LinkSummary,
  type MemberSummary,
  type MessageId,
  type Position,
  type Preview,
  type PreviewCard,
  ProtocolError,
  plainLine,
  type Role,
  type SenderId,
  type ServiceInfo,
  type SessionId,
  type SessionSummary,
} from "@openmates-share/protocol/wire";
export type { Account, GoogleAttempt } from "./accounts.ts";
export type { Asking, AskOptions, StoredQuestion } from "./asking.ts";
export { categoryName } from "./category-name.ts";
export { type Changes, countChanges } from "./changes.ts";
export type { ContextMessage } from "./context.ts";
export { embedTypeOf, isEmbedType } from "./embeds/embed-draft.ts";
export type { KnownEmbed } from "./embeds/embed-records.ts";
export type { EmbedLinkOptions, Embeds, MessageEmbed, OwnedEmbedLink, SharedEmbed } from "./embeds/embeds.ts";
export type { OpenedEmbed, ReadOptions } from "./embeds/opened-embed.ts";
export type { EmbedDraft, UploadOptions } from "./embeds/upload-embed.ts";
export * from "./errors.ts";
export { fetchedModel, messagesFor } from "./fetched-model.ts";
export type { Ancestry, AncestryChat, Standing } from "./fork/ancestry-state.ts";
export type { Forked, ForkOptions } from "./fork/fork-chat.ts";
export type { HandingOver, OfferedChat } from "./handing-over/handing-over.ts";
export type { KeepOptions, KeptFile } from "./kept/keep-chat.ts";
export { type KeptChat, openKept } from "./kept/open-kept.ts";
export { KEPT_CARRIER, pageWith } from "./kept/page-with.ts";
export type { KnownChat } from "./keyring.ts";
export type { SyncReport, SyncState } from "./keyring-sync.ts";
export { LocalOpener } from "./local-opener.ts";
export { type LinkFacts, lookAt } from "./look-at.ts";
export { memoryStore } from "./memory-store.ts";
export { ModelAnswer } from "./model-answer.ts";
export type { Namesake, Namesakes } from "./namesakes.ts";
export type { MessageOpener, OpenerSetup, StartOpener } from "./opener.ts";
export type { OwnModel, OwnModelFault, OwnModelSettings, OwnModelStore } from "./own-model.ts";
export { OwnModelError } from "./own-model-error.ts";
export type {
  LinkEdit,
  LinkOptions,
  OwnedLink,
  ResumeOptions,
  Shared,
  SharedChat,
  ShareOptions,
  UnfinishedShare,
} from "./owned-chats.ts";
export type { TakeAwayOptions, UpdatePreview } from "./owner.ts";
export type { PlannedUpdate } from "./planned-updates.ts";
export type { RemovedPerson, RemoveOptions } from "./remove-person.ts";
export { Room } from "./room.ts";
export type * from "./room-state.ts";
export type { Compared, Safety } from "./safety.ts";
export type { SecretStore } from "./secret-store.ts";
export { type OpenOptions, ShareClient, type SharedByMe } from "./share-client.ts";
export type { AttachedFile, SharingHooks } from "./sharing.ts";
export { type SealedPage, type Sealer, type SealJob, sealPages } from "./upload.ts";
export { WorkerOpener } from "./worker-opener.ts";
export type { RelayedMessage, SendOptions } from "./writing.ts";
