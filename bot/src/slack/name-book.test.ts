import { expect, test } from "vitest";
import { NameBook } from "./name-book.ts";
import type { Slack } from "./slack.ts";

function counted(answer: (user: string) => Promise<string | null>) {
  const asked: string[] = [];
  const personName = (user: string) => {
    asked.push(user);
    return answer(user);
  };
  return { asked, slack: { personName, channelName: personName } as unknown as Slack }; // Nothing else is asked here.
}

test("asks Slack once for a name, also when many want it at once, and again after an hour", async () => {
  let now = 0;
  const { asked, slack } = counted(async (user) => `name of ${user}`);
  const book = new NameBook(() => now).remembering(slack);
  expect(await Promise.all([book.personName("U1"), book.personName("U1")])).toEqual(["name of U1", "name of U1"]);
  now += 59 * 60_000;
  await book.personName("U1");
  expect(asked).toEqual(["U1"]);
  now += 2 * 60_000;
  await book.personName("U1");
  expect(asked).toEqual(["U1", "U1"]);
});

test("a name that Slack does not tell is no failure", async () => {
  const { slack } = counted(() => Promise.reject(new Error("user_not_found")));
  expect(await new NameBook().remembering(slack).personName("U1")).toBeNull();
});

test("people and channels are kept apart, and only so many of them", async () => {
  const { asked, slack } = counted(async (user) => user);
  const book = new NameBook().remembering(slack);
  await book.personName("X1");
  await book.channelName("X1");
  expect(asked).toHaveLength(2);
  for (let index = 0; index < 5000; index += 1) await book.personName(`U${index}`);
  asked.length = 0;
  await book.personName("X1");
  await book.personName("U4999");
  expect(asked).toEqual(["X1"]);
});
