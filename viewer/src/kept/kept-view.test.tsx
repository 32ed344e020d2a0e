import { type KeptChat, type RoomMessage, textParts } from "@openmates-share/client";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { KeptView } from "./kept-view.tsx";

// The test's document has none.
beforeEach(() => void vi.stubGlobal("reportError", vi.fn()));
afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

function said(seq: number, fields: object): RoomMessage {
  const content = { type: "message", name: "", role: "user", parts: textParts("Hello"), time: null, model: null };
  const message = { seq, id: `m${seq}`, sender: "s1", storedAt: 1, edited: null, doubt: null };
  return { ...message, body: { type: "content", content: { ...content, ...fields } } } as unknown as RoomMessage;
}

function keptWith(messages: readonly RoomMessage[]): KeptChat {
  const state = {
    chat: "c1",
    title: "T",
    owner: "s0",
    role: "reader",
    integrity: { state: "unsealed" },
    ancestry: null,
    people: [{ sender: "s1", name: "Mallory" }],
    namesakes: { of: (_: string, name: string) => (name === "Ada" ? { place: 2, all: [] } : null) },
    messages: { through: messages.length },
  };
  const room = {
    state,
    subscribe: () => () => undefined,
    async *read() {
      yield messages;
    },
  };
  return { room, from: "https://share.example", keptAt: 0 } as unknown as KeptChat;
}

it("M10, A10, H4: marks in a kept chat, too, who is not the mate, whose model it was, and who bears another's name", async () => {
  const answer = { ended: "complete", given: { count: 1, offered: 1, hash: new Uint8Array(32) } };
  const kept = keptWith([
    said(1, { name: "OpenMates" }),
    said(2, { name: "OpenMates", role: "assistant", answer }),
    said(3, { name: "Ada" }),
    said(4, { name: "Mallory" }),
  ]);
  await act(() => render(<KeptView kept={kept} />, document.body));
  await expect.poll(() => document.querySelectorAll("article")).toHaveLength(4);
  const marks = [...document.querySelectorAll("article")].map((one) => one.querySelector(".mark")?.textContent ?? null);
  expect(marks).toEqual(["A person, not OpenMates", "By a model of Mallory’s own", "Another Ada", null]);
});
