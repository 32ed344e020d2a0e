import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProtocolError } from "../errors.ts";
import { type ChatId, idFromBytes, type MessageId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";
import { appUrl, parseShareUrl, type ShareLink, shareUrl, subjectOfUrl } from "./share-url.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((b) => new Uint8Array(b));
const id = bytes(16).map((b) => idFromBytes<ChatId>(b));
const link: fc.Arbitrary<ShareLink> = fc.record({
  subject: fc.record({ type: fc.constantFrom("chat", "embed"), id }) as fc.Arbitrary<ShareLink["subject"]>,
  key: bytes(32),
  message: fc.option(id.map((text) => text as string as MessageId)),
});
const origin = fc.constantFrom("https://share.example", "http://localhost:8080/", "https://example.org/chats//");
/** What trackers add: words that are not ours. */
const noise = fc
  .stringMatching(/^(utm_[a-z]{1,5}|fbclid|mc_eid)=[A-Za-z0-9_.%2-9-]{0,20}$/)
  .filter((text) => !/%(?![0-9a-f]{2})/i.test(text));

describe("a link", () => {
  it("U1, U2: comes back in both forms", () => {
    fc.assert(
      fc.property(origin, link, (origin, link) => {
        expect(parseShareUrl(shareUrl(origin, link))).toEqual(link);
        expect(parseShareUrl(appUrl(origin, link))).toEqual(link);
      }),
    );
  });

  it("U3: survives what trackers, mail programs and sentences add", () => {
    const ends = fc.constantFrom(
      "",
      ".",
      ").",
      ">",
      " ",
      "\n",
      '"',
      "?utm_source=x",
      "&amp;utm_source=x",
      ":~:text=a,b",
    );
    fc.assert(
      fc.property(
        origin,
        link,
        fc.array(noise, { maxLength: 3 }),
        ends,
        fc.boolean(),
        (origin, link, noises, end, html) => {
          const [before = "", behind = ""] = [shareUrl, appUrl]
            .map((write) => write(origin, link))
            .flatMap((url) => {
              const [page = "", fragment = ""] = url.split("#");
              const query = noises.length > 0 ? `?${noises.join("&")}` : "";
              return `${page}${query}#${[...noises, fragment, ...noises].join("&")}${end}`;
            });
          for (const url of [before, behind]) {
            expect(parseShareUrl(html ? url.replaceAll("&", "&amp;").replaceAll("&amp;amp;", "&amp;") : url)).toEqual(
              link,
            );
          }
        },
      ),
    );
  });

  it("U1: is not written with a damaged key", () => {
    const subject = { type: "chat", id: idFromBytes<ChatId>(new Uint8Array(16)) } as const;
    const damaged = { subject, key: new Uint8Array(31), message: null };
    expect(() => shareUrl("https://share.example", damaged)).toThrow(expect.objectContaining({ code: "malformed" }));
    expect(() => appUrl("https://share.example", damaged)).toThrow(expect.objectContaining({ code: "malformed" }));
  });

  it("U3: over the limit is refused before it is looked at", () => {
    const longest = `https://share.example/${"a".repeat(LIMITS.shareUrlCharacters)}`.slice(
      0,
      LIMITS.shareUrlCharacters,
    );
    expect(() => parseShareUrl(longest)).toThrow(expect.objectContaining({ code: "malformed" }));
    expect(() => parseShareUrl(`${longest}a`)).toThrow(expect.objectContaining({ code: "too_large" }));
  });

  it("X2, G4: any text is read or refused, and no refusal quotes it", () => {
    const key = "A".repeat(43);
    const parts = fc.constantFrom(
      "https://",
      "a.b",
      "/share/chat/",
      "#",
      "key=",
      key,
      "AAAAAAAAAAAAAAAAAAAAAA",
      "&",
      "%",
      "[",
      "<",
      ":",
      "?",
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (parts) => {
        try {
          parseShareUrl(parts.join(""));
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          expect(`${error} ${error instanceof Error && error.cause}`).not.toContain("AAAA");
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("U1: the subject is seen without the key", () => {
    fc.assert(
      fc.property(origin, link, (origin, link) => {
        const page = shareUrl(origin, link).split("#")[0] ?? "";
        expect(subjectOfUrl(new URL(page))).toEqual(link.subject);
        expect(subjectOfUrl(new URL(appUrl(origin, link)))).toBeNull();
      }),
    );
  });
});
