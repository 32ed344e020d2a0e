import { expect, test } from "vitest";
import { cutFragments } from "./cut-fragments.ts";

const KEY = "q7Zk_P2-xWv9".repeat(4).slice(0, 43);
const CHAT = "AAAAAAAAAAAAAAAAAAAAAA";
const PAGE = `https://share.example.org/share/chat/${CHAT}`;

test.each([
  ["a plain link", `see ${PAGE}#key=${KEY} please`, `see ${PAGE} please`],
  ["several links", `${PAGE}#key=${KEY}\n${PAGE}#key=${KEY}`, `${PAGE}\n${PAGE}`],
  ["a link with a label", `<${PAGE}#key=${KEY}|our chat>`, `<${PAGE}|our chat>`],
  ["a label that repeats the link", `<${PAGE}#key=${KEY}|${PAGE}#key=${KEY}>`, `<${PAGE}|${PAGE}>`],
  ["the app's own form", `https://share.example.org/#chat-id=${CHAT}&key=${KEY}`, "https://share.example.org/"],
  ["escaped ampersands", `https://share.example.org/#chat-id=${CHAT}&amp;key=${KEY}`, "https://share.example.org/"],
  ["a query before the fragment", `${PAGE}?utm_source=mail#key=${KEY}`, `${PAGE}?utm_source=mail`],
  ["capitals", `HTTPS://Share.Example.ORG/x#KEY=${KEY}`, "HTTPS://Share.Example.ORG/x"],
  ["other people's anchors", "https://example.org/docs#install", "https://example.org/docs"],
  [
    "a link inside a link",
    `https://out.example/?to=${encodeURIComponent(`${PAGE}#key=${KEY}`)}`,
    `https://out.example/?to=${encodeURIComponent(PAGE)}`,
  ],
  ["an encoded number sign", `${PAGE}%23key%3D${KEY}`, PAGE],
  ["JSON in a string", JSON.stringify({ link: `${PAGE}#key=${KEY}` }), JSON.stringify({ link: PAGE })],
])("cuts %s", (_, text, expected) => {
  expect(cutFragments(text)).toBe(expected);
});

test.each([
  ["a link that is encoded twice", encodeURIComponent(encodeURIComponent(`${PAGE}#key=${KEY}`))],
  ["a link without its protocol", `share.example.org/share/chat/${CHAT}#key=${KEY}`],
  ["a key alone", `key=${KEY}`],
  ["an encoded key alone", `#key%3D${KEY}`],
  ["a key with encoded characters", `key=${KEY.replaceAll("-", "%2D").replaceAll("_", "%5F")}`],
  ["a key behind an entity", `key&#61;${KEY}`],
  ["a link that a line break has cut", `share.example.org/share/chat/${CHAT}#\nkey=${KEY}`],
])("leaves nothing of the key in %s", (_, text) => {
  const cut = cutFragments(text);
  expect(cut).not.toContain(KEY);
  expect(cut).not.toContain(KEY.slice(0, 12));
});

test.each([
  "",
  "plain text",
  "issue #12 and 50% off",
  "<#C123|general>",
  "a key=value pair",
  "https://example.org/a?b=c",
])("leaves %j as it is", (text) => {
  expect(cutFragments(text)).toBe(text);
});

test("tells of every link as it was", () => {
  const cut: unknown[] = [];
  cutFragments(`${PAGE}#key=${KEY} https://b.example/#x`, (link) => cut.push(link));
  expect(cut).toEqual([
    { page: PAGE, original: `${PAGE}#key=${KEY}` },
    { page: "https://b.example/", original: "https://b.example/#x" },
  ]);
});
