import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replyEnvelope } from "../reply/stored-reply.ts";
import { encodeEnvelope, KIND, parseEnvelope } from "./envelope.ts";
import { parseLinkBearer } from "./tokens.ts";

const nearly = fc
  .tuple(fc.constantFrom(1, 1, 1, 2), fc.nat(5), fc.constantFrom(0, 1, 0x80), fc.uint8Array({ maxLength: 200 }))
  .map(([version, kind, high, rest]) => Uint8Array.of(version, kind, high, 0, 0, 1, ...rest));

describe("an envelope", () => {
  it("E6, X2: any bytes are cut into fields that make the same bytes again, or are refused", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), nearly), (bytes) => {
        try {
          expect(encodeEnvelope(parseEnvelope(bytes))).toEqual(new Uint8Array(bytes));
        } catch (error) {
          expect(error).toMatchObject({
            code: expect.stringMatching(/^(malformed|unsupported_version|unsupported_kind)$/),
          });
        }
        try {
          replyEnvelope(bytes);
        } catch (error) {
          expect(error).toMatchObject({ name: "ProtocolError" });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("E6: its fields don't share memory with what it was read from", () => {
    const bytes = new Uint8Array(40);
    bytes.set([1, KIND.content, 0, 0, 0, 1]);
    const { nonce, ciphertext } = parseEnvelope(bytes);
    bytes.fill(9);
    expect([...nonce, ...ciphertext].every((byte) => byte === 0)).toBe(true);
  });

  it("E1: a reply, and only a reply, has a wrapped reply key", () => {
    const fields = { epoch: 1, nonce: new Uint8Array(12), ciphertext: new Uint8Array(16) };
    const malformed = expect.objectContaining({ code: "malformed" });
    expect(() => encodeEnvelope({ ...fields, kind: KIND.reply, wrappedReplyKey: null })).toThrow(malformed);
    expect(() => encodeEnvelope({ ...fields, kind: KIND.seal, wrappedReplyKey: new Uint8Array(60) })).toThrow(
      malformed,
    );
  });
});

it("K6, X2: any text is a bearer or null", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 80 }), (text) => {
      for (const bearer of [text, `oms_link_${text}`]) parseLinkBearer(bearer);
    }),
  );
});
