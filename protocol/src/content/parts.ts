import * as v from "valibot";
import { type Bytes, fromBase64url, toBase64url } from "../bytes.ts";
import { type EmbedId, isId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";
import { isShallow } from "./nesting.ts";

/** An embed and the key that opens it: whoever reads the message can fetch and read the file (SPEC section 6). */
export interface EmbedRef {
  readonly id: EmbedId;
  /** 32 bytes. */
  readonly key: Bytes;
  /** In a copied message: what the content must be, as its first maker signed it (SPEC O8); never on the wire. */
  readonly content?: Bytes;
}

/** What a picture and every other file have in common. Names are hostile input to whatever shows them. */
interface Attached {
  readonly name: string;
  /** As its maker claims, `image/png`; a reader must not take it for the truth. */
  readonly mediaType: string;
  /** Bytes of the file, null when nobody knows. */
  readonly size: number | null;
}
interface Picture extends Attached {
  readonly type: "image";
  /** What it shows, in words; may be empty. */
  readonly alt: string;
  /** Pixels, null when nobody knows. */
  readonly width: number | null;
  readonly height: number | null;
}
interface Document extends Attached {
  readonly type: "file";
}

export type MarkdownPart = { readonly type: "markdown"; readonly text: string };

/** Parts that are all there in the message itself. */
type InlinePart =
  | MarkdownPart
  /** What was handed to a tool or an interpreter. */
  | { readonly type: "code"; readonly text: string; readonly language: string | null; readonly tool: string | null }
  /** What a tool gave back. */
  | { readonly type: "output"; readonly text: string; readonly tool: string | null; readonly failed: boolean }
  /** Something written beside the conversation: a canvas, an artifact. Markdown when there is no language. */
  | { readonly type: "document"; readonly title: string; readonly text: string; readonly language: string | null }
  /** What a model thought before it answered: markdown, and for how many seconds. */
  | { readonly type: "reasoning"; readonly text: string; readonly seconds: number | null }
  /** Where the text's citations lead; the marks in the text are ordinary links. */
  | { readonly type: "sources"; readonly sources: readonly Source[] }
  /** Something that an importer has no form for: what the source called it, and what it was, as text or JSON. */
  | { readonly type: "other"; readonly named: string; readonly text: string }
  /** A part of a newer version: kept as it is and shown as such. */
  | { readonly type: "unknown"; readonly named: string; readonly json: Readonly<Record<string, unknown>> };

export interface Source {
  readonly title: string;
  /** Absolute, of any scheme: whoever shows it decides which ones it links. */
  readonly url: string;
}

/** `embed` is null for a file that was not in what was imported. */
export type ImagePart = Picture & { readonly embed: EmbedRef | null };
export type FilePart = Document & { readonly embed: EmbedRef | null };

/** A message is a list of these, in the order in which they are read. */
export type Part = InlinePart | ImagePart | FilePart;

/**
 * A part before it is shared: files are not uploaded yet, and `source` is what the importer calls them (null when they are
 * not in what was imported).
 */
export type DraftPart =
  | InlinePart
  | (Picture & { readonly source: string | null })
  | (Document & { readonly source: string | null });

/** The parts of a message that is only text. */
export function textParts(text: string): readonly [MarkdownPart] {
  return [{ type: "markdown", text }];
}

const text = v.string();
const language = v.nullable(v.pipe(v.string(), v.maxLength(LIMITS.language)));
const tool = v.nullable(v.pipe(v.string(), v.maxLength(LIMITS.tool)));
const title = v.pipe(v.string(), v.maxLength(LIMITS.title));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const embedRefSchema = v.object({
  id: v.custom<EmbedId>(isId),
  key: v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }): Bytes => {
      const bytes = fromBase64url(dataset.value);
      if (bytes?.length === 32) return bytes;
      addIssue({ message: "an embed's key has 32 bytes" });
      return NEVER;
    }),
  ),
}) satisfies v.GenericSchema<unknown, EmbedRef>;
const attached = {
  name: v.pipe(v.string(), v.maxLength(LIMITS.fileName)),
  mediaType: v.pipe(v.string(), v.maxLength(LIMITS.mediaType)),
  size: v.nullable(whole),
  embed: v.nullable(embedRefSchema),
};

/** By type, so that a part of a known type which is out of shape is not taken for one of a newer version. */
const known = {
  markdown: v.object({ type: v.literal("markdown"), text }),
  code: v.object({ type: v.literal("code"), text, language, tool }),
  output: v.object({ type: v.literal("output"), text, tool, failed: v.boolean() }),
  document: v.object({ type: v.literal("document"), title, text, language }),
  reasoning: v.object({
    type: v.literal("reasoning"),
    text,
    seconds: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))),
  }),
  sources: v.object({
    type: v.literal("sources"),
    sources: v.pipe(
      v.array(v.object({ title, url: v.pipe(v.string(), v.maxLength(LIMITS.sourceUrl)) })),
      v.maxLength(LIMITS.sources),
    ),
  }),
  image: v.object({
    type: v.literal("image"),
    ...attached,
    alt: v.string(),
    width: v.nullable(whole),
    height: v.nullable(whole),
  }),
  file: v.object({ type: v.literal("file"), ...attached }),
  other: v.object({ type: v.literal("other"), named: title, text }),
};

const unknownPart = v.pipe(
  v.looseObject({
    type: v.pipe(
      v.string(),
      v.check((type) => !Object.hasOwn(known, type), "a part that is known has to have its shape"),
    ),
  }),
  v.check((value) => isShallow(value), "nested too deep"),
  v.transform(({ type, ...json }): Part => ({ type: "unknown", named: type, json })),
);

const part = v.union([v.variant("type", Object.values(known)), unknownPart]);

/** What stands in the JSON of a message. */
export const partsSchema: v.GenericSchema<unknown, readonly Part[]> = v.pipe(
  v.array(part),
  v.minLength(1),
  v.maxLength(LIMITS.parts),
);

/** A part as it stands in the JSON of a message. */
export function partJson(part: Part): unknown {
  if (part.type === "unknown") return { ...part.json, type: part.named };
  if (part.type !== "image" && part.type !== "file") return part;
  return { ...part, embed: part.embed && { id: part.embed.id, key: toBase64url(part.embed.key) } };
}
