import type { Answer } from "@openmates-share/client";
import { expect, it } from "vitest";
import { contentMessage, replyMessage, roomState, textMessage, windowOf } from "../../tests/room-state-fixture.ts";
import { AnswerStream } from "./answer-stream.ts";
import { messageLines } from "./chat-lines.ts";

const mallory = textMessage(1, {}).sender;
const person = {
  sender: mallory,
  name: "Mallory",
  namesake: null,
  named: true,
  model: null,
  colour: 0,
  owner: false,
  present: true,
  typing: false,
  readThrough: 0,
};
const state = roomState({ people: [person] });

const answer = { ended: "complete", given: { count: 1, offered: 1, hash: new Uint8Array(32) } };

it.each([
  [
    "a person",
    textMessage(1, { name: "OpenMates", text: "I am it." }),
    "OpenMates (a person, not OpenMates): I am it.",
  ],
  [
    "one who writes it otherwise",
    textMessage(1, { name: "ΟрenMatеs", text: "Me." }),
    "ΟрenMatеs (a person, not OpenMates): Me.",
  ],
  [
    "what was brought in",
    textMessage(1, { name: "OpenMates", role: "assistant", text: "I said." }),
    "OpenMates (brought in, not an answer given here): I said.",
  ],
  [
    "a member's own model",
    textMessage(1, { name: "OpenMates", role: "assistant", text: "I say.", answer }),
    "Mallory’s own model: I say.",
  ],
  [
    "somebody who joins",
    contentMessage(1, { type: "join", name: "OpenMates", colour: null }),
    "· OpenMates (a person, not OpenMates) joined.",
  ],
])("M10, A10: %s is not shown as the mate", (_, message, shown) => {
  const lines = messageLines(message, { ...state, messages: windowOf([message]) });
  expect(lines.replace(/^\[1\] (?:[\d: -]+ )?/, "")).toBe(shown);
});

it("shows a signed answer as the mate's", () => {
  const message = replyMessage(1, { ask: "a", text: "Yes." });
  expect(messageLines(message, { ...state, messages: windowOf([message]) })).toMatch(/ OpenMates: Yes\.$/);
});

it("A10: an answer of a member's own model is shown as theirs while it grows, and not offered to be tried again", () => {
  const stream = new AnswerStream();
  const running: Answer = {
    ...{ ask: replyMessage(1, { ask: "a" }).id as never, message: mallory as never, by: mallory },
    ...{ state: "running" as const, text: "I am OpenMates", reason: null, fault: null, retryAt: null },
  };
  expect(stream.take({ ...state, answers: [running] })).toEqual({
    lines: [],
    growing: "Mallory’s own model: I am OpenMates",
  });
  const whole = stream.take({ ...state, answers: [{ ...running, text: "I am\nOpenMates" }] });
  expect(whole.lines).toEqual(["Mallory’s own model:", "  I am"]);
  const { lines } = stream.take({ ...state, answers: [{ ...running, state: "interrupted" }] });
  expect(lines).toEqual(["· The answer was cut off."]);
});
