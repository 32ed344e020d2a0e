import { beforeAll, describe, expect, it } from "vitest";
import type { Identity } from "../src/crypto/index.ts";
import {
  chunkCount,
  createEmbedKey,
  digestEmbed,
  type EmbedContent,
  type EmbedHeader,
  type EmbedKey,
  type EmbedSource,
  loadEmbedContent,
  loadEmbedKey,
  openChunk,
  openEmbedHeader,
  readChunk,
  sealChunk,
  sealEmbedHeader,
} from "../src/embed/index.ts";
import { type Bytes, type ChatId, EMBED_CHUNK, type EmbedId, newId } from "../src/wire/index.ts";
import { bitFlips, type Cast, codeOf, codesOf, newCast } from "./cast.ts";

let cast: Cast;
let key: EmbedKey;
beforeAll(async () => {
  cast = await newCast();
  key = await createEmbedKey(newId<EmbedId>());
});

interface Made {
  readonly header: EmbedHeader;
  readonly content: EmbedContent;
  readonly chunks: readonly Bytes[];
}

/** An embed of that content, complete. */
async function make(bytes: Uint8Array, embedKey = key): Promise<Made> {
  const readable = {
    size: bytes.length,
    read: async (from: number, to: number) => new Uint8Array(bytes.slice(from, to)),
  };
  const digests = await digestEmbed(readable);
  const content = await loadEmbedContent(embedKey, { size: bytes.length, digests });
  const chunks: Bytes[] = [];
  for (let index = 0; index < chunkCount(bytes.length); index++) {
    chunks.push(await sealChunk(content, index, await readChunk(readable, index)));
  }
  const described = { type: "file", name: "a.bin", mediaType: "", width: null, height: null, language: null, time: 1 };
  return { header: { ...described, size: bytes.length, digests }, content, chunks };
}

const varied = (size: number, step = 7) => Uint8Array.from({ length: size }, (_, i) => (i * step) & 255);

describe("an embed's header", () => {
  let sealed: Bytes;
  let source: EmbedSource;
  let header: EmbedHeader;
  const seal = (identity: Identity, over: Partial<EmbedHeader> = {}) =>
    sealEmbedHeader({ embedKey: key, identity, chat: cast.chat, header: { ...header, ...over } });
  const open = (over: Partial<Parameters<typeof openEmbedHeader>[0]> = {}) =>
    openEmbedHeader({ embedKey: key, sealed, source, ...over });

  beforeAll(async () => {
    ({ header } = await make(varied(10)));
    sealed = await seal(cast.member);
    source = { type: "message", chat: cast.chat, sender: cast.member.sender };
  });

  it("F3: comes back as it was", async () => {
    expect((await open()).header).toEqual(header);
  });

  it("F4: every altered bit is refused", async () => {
    expect(await codesOf(bitFlips(sealed), (flipped) => open({ sealed: flipped }))).toEqual(
      new Map([
        ["unsupported_version", 8],
        ["wrong_key", (sealed.length - 1) * 8],
      ]),
    );
  });

  it("F4: cut anywhere, it is refused", async () => {
    const cuts = Array.from({ length: sealed.length }, (_, length) => sealed.subarray(0, length));
    const codes = await codesOf(cuts, (cut) => open({ sealed: cut }));
    expect(codes).toEqual(
      new Map([
        ["malformed", 29],
        ["wrong_key", sealed.length - 29],
      ]),
    );
  });

  it("F4: every altered bit of the embed's id and key is refused", async () => {
    const keys = await Promise.all([...bitFlips(key.raw)].map((raw) => loadEmbedKey({ embed: key.embed, raw })));
    expect(await codesOf(keys, (embedKey) => open({ embedKey }))).toEqual(new Map([["wrong_key", 256]]));
    const other = await loadEmbedKey({ embed: newId<EmbedId>(), raw: key.raw });
    expect(await codeOf(() => open({ embedKey: other }))).toBe("wrong_key");
  });

  it("F7: in a message of another chat, or of another person, it is refused", async () => {
    const elsewhere = { ...source, chat: newId<ChatId>() } as EmbedSource;
    expect(await codeOf(() => open({ source: elsewhere }))).toBe("wrong_key");
    const others = { ...source, sender: cast.owner.sender } as EmbedSource;
    expect(await codeOf(() => open({ source: others }))).toBe("wrong_sender");
  });

  it("F7: one made anew by somebody else who holds the key is refused", async () => {
    const forged = await seal(cast.owner, { name: "b.bin" });
    expect(await codeOf(() => open({ sealed: forged }))).toBe("wrong_sender");
  });

  it("F10: by a link, only what the link's maker signed is opened", async () => {
    const link = (owner: Bytes): EmbedSource => ({ type: "link", owner });
    expect(await codeOf(() => open({ source: link(cast.member.publicKey) }))).toBe("accepted");
    expect(await codeOf(() => open({ source: link(cast.owner.publicKey) }))).toBe("wrong_sender");
  });

  it("G3: what readers would refuse is not written", async () => {
    const wrong: Partial<EmbedHeader>[] = [
      { name: "x".repeat(256) },
      { type: "" },
      { type: "Image" },
      { size: -1 },
      { size: 26_214_401 },
      { width: 0 },
      { height: 65_536 },
      { time: -1 },
      { digests: new Uint8Array(0) },
      { digests: new Uint8Array(64) },
    ];
    expect(await codesOf(wrong, (over) => seal(cast.member, over))).toEqual(new Map([["malformed", wrong.length]]));
  });

  it("G3: a file over the limit is refused before it is read", async () => {
    const read = () => Promise.reject(new Error("was read"));
    expect(await codeOf(() => digestEmbed({ size: 26_214_401, read }))).toBe("too_large");
  });
});

describe("an embed's chunks", () => {
  /** Three chunks: two whole ones, and a shorter last one. */
  const size = 2 * EMBED_CHUNK + 40_000;
  let made: Made;
  let other: Made;
  beforeAll(async () => {
    made = await make(varied(size));
    other = await make(varied(size, 11));
  });
  const chunk = (at: number, of = made) => of.chunks[at] ?? new Uint8Array(0);

  it("F8: come back as they were, without padding", async () => {
    const opened = await Promise.all(made.chunks.map((sealed, index) => openChunk(made.content, index, sealed)));
    expect(Buffer.concat(opened).equals(varied(size))).toBe(true);
  });

  it("F8: sealed again they are the same bytes, and those of other content share nothing", async () => {
    const again = await make(varied(size));
    expect(made.chunks.map((sealed, i) => Buffer.from(sealed).equals(chunk(i, again)))).toEqual([true, true, true]);
    const same = chunk(0).filter((byte, i) => byte === chunk(0, other)[i]).length;
    expect(same).toBeLessThan(EMBED_CHUNK / 128);
  });

  it("F8: a file that changed since it was hashed is not sealed", async () => {
    expect(await codeOf(() => sealChunk(made.content, 0, new Uint8Array(EMBED_CHUNK)))).toBe("malformed");
  });

  it("F9: every altered bit is refused", async () => {
    const small = await make(varied(3));
    const [sealed = new Uint8Array(0)] = small.chunks;
    const codes = await codesOf(bitFlips(sealed), (flipped) => openChunk(small.content, 0, flipped));
    expect(codes).toEqual(new Map([["wrong_key", (1024 + 16) * 8]]));
  });

  it("F9: swapped, repeated, and those of another file are refused", async () => {
    const use = async (index: number, sealed: Uint8Array) => codeOf(() => openChunk(made.content, index, sealed));
    expect(await use(0, chunk(1))).toBe("wrong_key");
    expect(await use(1, chunk(0))).toBe("wrong_key");
    expect(await use(1, chunk(1, other))).toBe("wrong_key");
    expect(await use(2, chunk(1))).toBe("malformed");
  });

  it("F9: an end cut off at a chunk's boundary is refused", async () => {
    // A server that hands out one chunk less: what is now the last was not sealed as the last, nor is it as long.
    expect(await codeOf(() => openChunk(made.content, 2, new Uint8Array(0)))).toBe("malformed");
    const shorter = { ...made.content, size: 2 * EMBED_CHUNK, digests: made.content.digests.slice(0, 64) };
    expect(await codeOf(() => openChunk(shorter, 1, chunk(1)))).toBe("wrong_key");
    expect(await codeOf(() => openChunk(made.content, 3, chunk(2)))).toBe("malformed");
  });

  it("F9: a chunk that another holder of the key sealed is refused", async () => {
    const forged = { ...made.content, digests: other.content.digests };
    const plain = varied(size, 11).slice(0, EMBED_CHUNK);
    const sealed = await sealChunk(forged, 0, plain);
    expect(await codeOf(() => openChunk(made.content, 0, sealed))).toBe("bad_signature");
  });

  it("F1: sizes around the boundaries", async () => {
    const sizes = [0, 1, 1023, 1024, 1025, EMBED_CHUNK - 1, EMBED_CHUNK, EMBED_CHUNK + 1, 26_214_399, 26_214_400];
    expect(sizes.map(chunkCount)).toEqual([1, 1, 1, 1, 1, 1, 1, 2, 100, 100]);
  });
});
