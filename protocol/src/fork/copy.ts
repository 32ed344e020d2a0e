import * as v from "valibot";
import { type Bytes, concat, fromBase64url, toBase64url } from "../bytes.ts";
import { type MessageContent, parseContent, ROLES, type UnknownContent } from "../content/content.ts";
import { encodeJson, parseValue } from "../content/json.ts";
import { type EmbedRef, embedRefSchema, type Part } from "../content/parts.ts";
import { modelSchema, positionSchema, timeSchema } from "../content/position.ts";
import { parseReplyContent, type ReplyContent } from "../content/reply-content.ts";
import type { ChatKey } from "../crypto/chat-key.ts";
import { embedRoot } from "../embed/embed-content.ts";
import { openEmbedHeader } from "../embed/embed-header.ts";
import { loadEmbedKey } from "../embed/embed-key.ts";
import { ProtocolError } from "../errors.ts";
import { label } from "../labels.ts";
import { hkdf } from "../primitives.ts";
import { type Identity, sealSigned } from "../signed.ts";
import { KIND } from "../wire/envelope.ts";
import {
  type ChatId,
  type EmbedId,
  ID_LENGTH,
  idBytes,
  idFromBytes,
  isId,
  type MessageId,
  type SenderId,
} from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";
import type { Position } from "../wire/transcript.ts";
import { type Proof, proofJson, proofSchema, verifyProof } from "./proof.ts";

export const COPY = "copy";

/** What an edit doesn't sign: the word of who copied it (SPEC O6). */
export interface Said extends Pick<MessageContent, "role" | "name" | "time" | "model" | "replyTo"> {}

/** A file of the source, uploaded anew for the fork. */
export interface CopiedEmbed {
  readonly id: EmbedId;
  /** As its maker sealed it in the source: it proves what the content must be. */
  readonly header: Bytes;
  readonly as: EmbedRef;
}

/** A message of another chat, with what proves it (SPEC O5). */
export interface Copy {
  readonly chat: ChatId;
  /** Of what was signed: the message, or the edit whose words stand in it now. */
  readonly id: MessageId;
  readonly proof: Proof;
  /** Of an edit; null for everything else. */
  readonly said: Said | null;
  readonly embeds: readonly CopiedEmbed[];
  /** Its writer wants it never to go to a model. */
  readonly withheld: boolean;
}

/** What of a copy is proved without anything else. */
export interface Copied {
  readonly chat: ChatId;
  /** The message's id in that chat. */
  readonly message: MessageId;
  /** Of what was signed: the message, or the edit. */
  readonly signed: MessageId;
  /** Who signed it. */
  readonly signer: SenderId;
  readonly edited: boolean;
  /** How far the signer says to have verified that chat; answers don't say. */
  readonly after: Position | null;
  /** How far who copied it says to have verified the fork (SPEC T4). */
  readonly claim: Position;
}

export interface OpenedCopy {
  readonly content: MessageContent | UnknownContent | ReplyContent;
  readonly copied: Copied;
}

const id = v.custom<MessageId>(isId);
const copyEntries = {
  chat: v.custom<ChatId>(isId),
  id,
  proof: proofSchema,
  said: v.nullable(
    v.object({
      role: v.picklist(ROLES),
      name: v.pipe(v.string(), v.maxLength(LIMITS.name)),
      time: v.nullable(timeSchema),
      model: v.nullable(modelSchema),
      replyTo: v.nullable(id),
    }),
  ),
  embeds: v.pipe(
    v.array(
      v.object({
        id: v.custom<EmbedId>(isId),
        header: v.pipe(
          v.string(),
          v.rawTransform(({ dataset, addIssue, NEVER }): Bytes => {
            const bytes = fromBase64url(dataset.value);
            if (bytes) return bytes;
            addIssue({ message: "base64url is expected" });
            return NEVER;
          }),
        ),
        as: embedRefSchema,
      }),
    ),
    v.maxLength(LIMITS.parts),
  ),
  withheld: v.boolean(),
};
const copySchema = v.object(copyEntries) satisfies v.GenericSchema<unknown, Copy>;
const wholeCopy = v.object({ type: v.literal(COPY), ...copyEntries, time: timeSchema, after: positionSchema });

/**
 * The id of a copy (SPEC O7): the same for the same message, so that none stands there twice, and readers find what an
 * answer was to; and for the server as good as any other.
 */
export async function copyIdOf(options: { chatKey: ChatKey; chat: ChatId; message: MessageId }): Promise<MessageId> {
  const { chatKey, chat, message } = options;
  const info = concat(label("copyId"), idBytes(chat), idBytes(message));
  return idFromBytes(await hkdf({ key: chatKey.raw, salt: idBytes(chatKey.chat), info, length: ID_LENGTH }));
}

/** The message that a copy stands for: that of an edit is what it edits. @throws ProtocolError `malformed` */
export function messageOfCopy({ id, proof }: Pick<Copy, "id" | "proof">): MessageId {
  if (proof.kind !== KIND.amendment) return id;
  const edit = parseContent(proof.json);
  if (edit.type === "edit") return edit.target;
  throw strange();
}

/** Seals a copy under its own id. @throws ProtocolError `malformed`, `too_large` for one that leaves no room for its proof */
export async function sealCopy(
  copy: Copy,
  sealing: { chatKey: ChatKey; identity: Identity; time: number; after: Position },
): Promise<{ id: MessageId; envelope: Bytes }> {
  const { chatKey, identity, time, after } = sealing;
  const message = await copyIdOf({ chatKey, chat: copy.chat, message: messageOfCopy(copy) });
  const json = encodeJson(wholeCopy, {
    ...copy,
    type: COPY,
    proof: proofJson(copy.proof),
    embeds: copy.embeds.map(({ id, header, as }) => ({
      id,
      header: toBase64url(header),
      as: { id: as.id, key: toBase64url(as.key) },
    })),
    time,
    after: { seq: after.seq, head: toBase64url(after.head) },
  });
  const { chat, epoch } = chatKey;
  const place = { chat, message, sender: identity.sender, kind: KIND.content, epoch };
  return { id: message, envelope: await sealSigned({ key: chatKey.envelopeKey, identity, place, json }) };
}

/** The fields of the content but `type`, `time` and `after`. @throws ProtocolError `malformed` */
export function parseCopy(fields: unknown): Copy {
  return parseValue(copySchema, fields);
}

/**
 * Verifies a copy and gives what was signed, never what whoever copied it says was (SPEC O5): for an answer only if it is
 * the service's.
 * @throws ProtocolError `bad_signature`, `wrong_sender`, `malformed`, and for files as `openEmbedHeader`
 */
export async function openCopy(options: {
  chatKey: ChatKey;
  /** Where it stands in the fork. */
  message: MessageId;
  /** The service, whose signature makes an answer the mate's. */
  mate: SenderId;
  content: UnknownContent;
}): Promise<OpenedCopy> {
  const { chatKey, message, mate, content } = options;
  const copy = parseCopy(content.json);
  const { chat, proof } = copy;
  const signer = await verifyProof(proof, { chat, message: copy.id });
  const source = messageOfCopy(copy);
  if ((await copyIdOf({ chatKey, chat, message: source })) !== message) throw strange();
  if (proof.kind === KIND.reply && signer !== mate) {
    throw new ProtocolError("wrong_sender", "This answer is not signed by the service.");
  }
  const toCopy = async (of: MessageId | null) => (of === null ? null : copyIdOf({ chatKey, chat, message: of }));
  const said = await contentOf(copy, { after: content.after, toCopy, signer });
  const after = proof.kind === KIND.reply ? null : parseContent(proof.json).after;
  const edited = proof.kind === KIND.amendment;
  return {
    content: said,
    copied: { chat, message: source, signed: copy.id, signer, edited, after, claim: content.after },
  };
}

interface Taking {
  /** How far who copied it had verified the fork. */
  readonly after: Position;
  readonly signer: SenderId;
  /** What replies refer to, in the fork. */
  readonly toCopy: (message: MessageId | null) => Promise<MessageId | null>;
}

async function contentOf(copy: Copy, taking: Taking): Promise<OpenedCopy["content"]> {
  const { proof, said } = copy;
  const { after, toCopy } = taking;
  if ((said !== null) !== (proof.kind === KIND.amendment)) throw strange();
  if (proof.kind === KIND.reply) {
    const reply = parseReplyContent(proof.json);
    return { ...reply, replyTo: (await toCopy(reply.replyTo)) ?? reply.replyTo };
  }
  const content = parseContent(proof.json);
  if (content.type === "edit" && said) {
    const parts = await partsOf(content.parts, { copy, taking });
    const { withheld } = copy;
    return { ...said, type: "message", parts, replyTo: await toCopy(said.replyTo), withheld, after };
  }
  if (content.type === "unknown" && content.named !== COPY) return { ...content, after };
  if (content.type !== "message") throw strange();
  const parts = await partsOf(content.parts, { copy, taking });
  // The wish of a message's writer is kept, also where it was said later than the message itself.
  const withheld = content.withheld || copy.withheld;
  return { ...content, parts, replyTo: await toCopy(content.replyTo), withheld, after };
}

/** With the files as they were uploaded for the fork, and what their content must be. */
function partsOf(parts: readonly Part[], { copy, taking }: { copy: Copy; taking: Taking }): Promise<Part[]> {
  return Promise.all(
    parts.map(async (part) => {
      if ((part.type !== "image" && part.type !== "file") || !part.embed) return part;
      const { id, key: raw } = part.embed;
      const found = copy.embeds.find((embed) => embed.id === id);
      if (!found) return { ...part, embed: null };
      const embedKey = await loadEmbedKey({ embed: id, raw });
      const source = { type: "message", chat: copy.chat, sender: taking.signer } as const;
      const { header } = await openEmbedHeader({ embedKey, sealed: found.header, source });
      return { ...part, embed: { ...found.as, content: await embedRoot(header.digests) } };
    }),
  );
}

function strange(): ProtocolError {
  return new ProtocolError("malformed", "This was copied from another chat in a way that proves nothing.");
}
