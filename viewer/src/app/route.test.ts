import { appUrl, type ChatId, shareUrl } from "@openmates-share/client";
import { describe, expect, test } from "vitest";
import { chatFragment, readAddress } from "./route.ts";

const ORIGIN = "https://share.example";
const CHAT = "AAECAwQFBgcICQoLDA0ODw" as ChatId;
const MESSAGE = "EBESExQVFhcYGRobHB0eHw";
const KEY = new Uint8Array(32).fill(7);
const LINK = appUrl(ORIGIN, { subject: { type: "chat", id: CHAT }, key: KEY, message: null });
const KEY_TEXT = LINK.split("&key=")[1] ?? "";

describe("a chat's link", () => {
  test("gives chat and key, and the key does not stay in the address", () => {
    const { route, fragment } = readAddress(LINK);
    expect(route).toMatchObject({ screen: "chat", chat: CHAT, link: { key: KEY }, message: null });
    expect(fragment).toBe(`#chat-id=${CHAT}`);
  });

  test.each([
    `${ORIGIN}/#key=${KEY_TEXT}&chat-id=${CHAT}`,
    `${ORIGIN}/#chat-id=${CHAT}&amp;key=${KEY_TEXT}`,
    `${ORIGIN}/?utm_source=mail#chat-id=${CHAT}&key=${KEY_TEXT}&utm_medium=x`,
    `${ORIGIN}/?fbclid=1#fbclid=2&chat-id=${CHAT}&key=${KEY_TEXT}`,
  ])("is read in the form %s", (address) => {
    const { route, fragment } = readAddress(address);
    expect(route).toMatchObject({ screen: "chat", chat: CHAT, link: { key: KEY } });
    expect(fragment).toBe(`#chat-id=${CHAT}`);
  });

  test("keeps the message to scroll to", () => {
    const { route, fragment } = readAddress(`${LINK}&message=${MESSAGE}`);
    expect(route).toMatchObject({ message: MESSAGE });
    expect(fragment).toBe(chatFragment(CHAT, MESSAGE as never));
  });

  test("without its key is a chat that this device may know", () => {
    expect(readAddress(`${ORIGIN}/#chat-id=${CHAT}`).route).toMatchObject({ screen: "chat", chat: CHAT, link: null });
  });

  test.each([
    ["key cut off", `#chat-id=${CHAT}&key=${KEY_TEXT.slice(0, -1)}`],
    ["key with a wrong character", `#chat-id=${CHAT}&key=${KEY_TEXT.slice(0, -1)}!`],
    ["key empty", `#chat-id=${CHAT}&key=`],
    ["chat id cut off", `#chat-id=${CHAT.slice(0, -1)}&key=${KEY_TEXT}`],
    ["no chat id", `#key=${KEY_TEXT}`],
    ["chat id alone, cut off", `#chat-id=${CHAT.slice(0, -1)}`],
  ])("that is damaged (%s) is said to be, without quoting it, and leaves no key behind", (_, hash) => {
    const { route, fragment } = readAddress(`${ORIGIN}/${hash}`);
    expect(route.screen).toBe("damaged");
    expect(JSON.stringify(route)).not.toContain(KEY_TEXT.slice(0, 12));
    expect(fragment).not.toContain("key");
  });
});

test("an embed's link leads to the embed screen, without its key", () => {
  const { route, fragment } = readAddress(`${ORIGIN}/#embed-id=${CHAT}&key=${KEY_TEXT}`);
  expect(route).toEqual({
    screen: "embed",
    embed: CHAT,
    link: { subject: { type: "embed", id: CHAT }, key: KEY, message: null },
  });
  expect(fragment).toBe(`#embed-id=${CHAT}`);
});

test.each(["", "#", "#home", "#anything", "#draft=short"])("%j is home", (hash) => {
  expect(readAddress(`${ORIGIN}/${hash}`)).toEqual({ route: { screen: "home" }, fragment: "" });
});

test("the link to send is not an address of the app", () => {
  const sent = shareUrl(ORIGIN, { subject: { type: "chat", id: CHAT }, key: KEY, message: null });
  expect(new URL(sent).pathname).toBe(`/share/chat/${CHAT}`);
});
