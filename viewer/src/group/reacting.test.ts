import type { SenderId } from "@openmates-share/client";
import { expect, it } from "vitest";
import { namesOf } from "./reacting.ts";

const NAMES: Record<string, string> = { a: "Ada", b: "Bob" };
const model = { me: "me" as SenderId, nameOf: (sender: SenderId) => NAMES[sender] ?? `Guest ${sender}` };

it.each([
  [["me"], "you"],
  [["a"], "Ada"],
  [["me", "a"], "Ada and you"],
  [["a", "me", "b"], "Ada, Bob and you"],
])("%j: %s", (senders, names) => {
  expect(namesOf(senders as SenderId[], model)).toBe(names);
});

it("counts those whom it does not name", () => {
  const senders = Array.from({ length: 15 }, (_, i) => `${i}` as SenderId);
  expect(namesOf(senders, model)).toMatch(/Guest 11 and 3 more$/);
  expect(namesOf([...senders, "me" as SenderId], model)).toMatch(/Guest 11, 3 more and you$/);
});
