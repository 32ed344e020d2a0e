import type { RoomMessage, SenderId } from "@openmates-share/client";
import { expect, it } from "vitest";
import { seenBy } from "./seen-by.ts";

const body = (type: "message" | "reaction") =>
  ({ type: "content", content: { type } }) as unknown as RoomMessage["body"];
const message = (seq: number, sender: string, type: "message" | "reaction" = "message") => ({
  seq,
  sender: sender as SenderId,
  body: body(type),
});
const person = (sender: string, readThrough: number) => ({ sender: sender as SenderId, readThrough });

function marks(people: ReturnType<typeof person>[], messages: ReturnType<typeof message>[]) {
  const seen = seenBy({ people, messages, me: "me" as SenderId });
  return [...seen].map(([seq, readers]) => [seq, readers.map(({ sender }) => sender)]);
}

it("stands at the last message that somebody has read, once", () => {
  const messages = [message(1, "me"), message(2, "me"), message(3, "me")];
  expect(marks([person("a", 2), person("b", 3), person("c", 2)], messages)).toEqual([
    [2, ["a", "c"]],
    [3, ["b"]],
  ]);
});

it("passes over what nobody reads, and messages that are not here", () => {
  const messages = [message(1, "me"), message(2, "b", "reaction"), message(9, "me")];
  expect(marks([person("a", 5)], messages)).toEqual([[1, ["a"]]]);
});

it("names nobody at a message of their own, nor oneself, nor whom nothing is known of", () => {
  const messages = [message(1, "me"), message(2, "a")];
  expect(marks([person("a", 2), person("me", 2), person("b", 0)], messages)).toEqual([]);
});
