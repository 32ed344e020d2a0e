import { appUrl, type ChatId } from "@openmates-share/client";
import { afterEach, expect, test, vi } from "vitest";
import { followAddress, go, route, takeAddress } from "./navigation.ts";

const CHAT = "AAECAwQFBgcICQoLDA0ODw" as ChatId;
const KEY = new Uint8Array(32).fill(7);

function fragmentOf(chat: ChatId): string {
  return new URL(appUrl("https://share.example", { subject: { type: "chat", id: chat }, key: KEY, message: null }))
    .hash;
}

afterEach(() => go(""));

test("the key leaves the address and the history entry, and no entry is added", () => {
  location.hash = fragmentOf(CHAT);
  const entries = history.length;
  takeAddress();
  expect(location.hash).toBe(`#chat-id=${CHAT}`);
  expect(history.length).toBe(entries);
  expect(route.value).toMatchObject({ screen: "chat", link: { key: KEY } });
});

test("the second event of the same step does not open the chat again", () => {
  location.hash = fragmentOf(CHAT);
  takeAddress();
  const first = route.value;
  takeAddress();
  expect(route.value).toBe(first);
});

test("a link pasted into the open page is taken, until the page stops listening", () => {
  const stop = followAddress();
  history.replaceState(null, "", fragmentOf(CHAT));
  dispatchEvent(new Event("hashchange"));
  expect(location.hash).toBe(`#chat-id=${CHAT}`);
  stop();
  history.replaceState(null, "", "#home");
  dispatchEvent(new Event("hashchange"));
  expect(route.value.screen).toBe("chat");
});

test("a link to another screen leads to its top, one to a message of the same chat leaves the place to the chat", () => {
  const stop = followAddress();
  go(`#chat-id=${CHAT}`);
  const scrolled = vi.spyOn(globalThis, "scrollTo");
  history.pushState(null, "", `#chat-id=${CHAT}&message=${CHAT}`);
  dispatchEvent(new Event("hashchange"));
  expect(scrolled).not.toHaveBeenCalled();
  history.pushState(null, "", "#home");
  dispatchEvent(new Event("hashchange"));
  expect(route.value.screen).toBe("home");
  expect(scrolled).toHaveBeenCalledExactlyOnceWith(0, 0);
  scrolled.mockRestore();
  stop();
});
