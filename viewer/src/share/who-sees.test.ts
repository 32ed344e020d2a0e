import { describe, expect, it, test } from "vitest";
import { type Facts, type LinkFacts, whoSees } from "./who-sees.ts";

const READ: LinkFacts = { mode: "read-only", address: null, password: false };
const FACTS: Facts = { links: [READ], preview: false, mailed: false };
const ADA = "ada@example.org";

function sees(facts: Partial<Facts>, who: string): string {
  const found = whoSees({ ...FACTS, ...facts }).filter((sight) => sight.who.startsWith(who));
  return found.map((sight) => `${sight.who}: ${sight.sees}`).join(" | ");
}

const together: LinkFacts = { ...READ, mode: "collaborative" };
const secret: LinkFacts = { ...READ, password: true };
const unknown: LinkFacts = { ...READ, password: null };
const named: LinkFacts = { ...READ, address: ADA };

test.each<[string, Partial<Facts>, string, string]>([
  ["a link to read", {}, "People", "People with the link to read: The shared part"],
  ["a link to write", { links: [together] }, "People", "People with the link to write together: Everything"],
  ["a password", { links: [secret] }, "People", "People with the link and the password to read"],
  ["a link of before", { links: [unknown] }, "People", "People with the link (and its password, if it has one)"],
  ["a named person", { links: [named] }, ADA, `${ADA}, with the link and a sign-in: The shared part`],
  ["a named person and a password", { links: [{ ...named, password: true }] }, ADA, "the password and a sign-in"],
  ["no link", { links: [] }, "Other people", "Nothing: no link opens this chat."],
  ["no card", {}, "Crawlers", "only says that there may be an encrypted chat"],
  ["a card", { preview: true }, "Crawlers", "The card with title, summary and category"],
  ["a card without a link", { preview: true, links: [] }, "Crawlers", "A card that says nothing"],
  ["a card, on the server", { preview: true }, "This server", "the card’s title and summary"],
  ["a named person, on the server", { links: [named] }, "This server", "the addresses you named"],
  ["people who write, on the server", { links: [together] }, "This server", "which accounts take part"],
  ["a mail by the server", { links: [named], mailed: true }, "This server", "key included, and is not kept"],
  ["a messenger", {}, "Slack", "key; that is enough to open the chat."],
  ["a messenger and a password", { links: [secret] }, "Slack", "key; without the password it opens nothing."],
  ["a messenger and a named person", { links: [named] }, "Slack", "key; without that person’s sign-in"],
  ["a mail", { links: [named] }, "E-mail", "key; without that person’s sign-in it opens nothing."],
  ["both kinds", { links: [READ, named] }, "E-mail", "Depending on the link, that is enough to open the chat, or"],
  ["the model where one reads", {}, "The AI model", "Nothing, until you mention @OpenMates"],
  ["the model where people write", { links: [together] }, "The AI model", "someone who writes here mentions"],
])("%s is told", (_what, facts, who, sentence) => {
  expect(sees(facts, who)).toContain(sentence);
});

describe("who sees what", () => {
  it("names neither address, card nor mail where there is none", () => {
    const text = JSON.stringify(whoSees(FACTS));
    expect(text).not.toMatch(/address|title|mails for you|accounts/);
  });

  it("tells of no messenger and no mail while there is nothing to send", () => {
    expect(whoSees({ ...FACTS, links: [] }).map(({ who }) => who)).toEqual([
      "You",
      "Other people",
      "This server",
      "Crawlers and link previews",
      "The AI model behind @OpenMates",
    ]);
  });
});
