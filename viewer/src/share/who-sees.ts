import { type LinkMode, MATE_NAME } from "@openmates-share/client";

/** One link, as far as it decides who sees what. */
export interface LinkFacts {
  readonly mode: LinkMode;
  /** The person it is for; null for everybody who has it. */
  readonly address: string | null;
  /** Null where it is not known (any more): the server can't tell either. */
  readonly password: boolean | null;
}

/** What is really set. */
export interface Facts {
  readonly links: readonly LinkFacts[];
  /** A public card with title and summary. */
  readonly preview: boolean;
  /** The owner lets this server mail links. */
  readonly mailed: boolean;
}

export interface Sight {
  readonly who: string;
  readonly sees: string;
}

/** Who can see what of a chat, in plain sentences. */
export function whoSees(facts: Facts): readonly Sight[] {
  return [
    { who: "You", sees: "Everything." },
    ...people(facts),
    { who: "This server", sees: server(facts) },
    { who: "Crawlers and link previews", sees: crawlers(facts) },
    ...onTheWay(facts),
    { who: "The AI model behind @OpenMates", sees: model(facts) },
  ];
}

function people({ links }: Facts): Sight[] {
  const sights: Sight[] = [];
  for (const mode of ["read-only", "collaborative"] as const) {
    const open = links.filter((link) => link.mode === mode && link.address === null);
    if (open.length > 0) {
      const purpose = mode === "read-only" ? "to read" : "to write together";
      sights.push({ who: `People with ${keysOf(open)} ${purpose}`, sees: PART[mode] });
    }
  }
  for (const { mode, address, password } of links) {
    if (address === null) continue;
    const needs = password ? "with the link, the password and a sign-in" : "with the link and a sign-in";
    sights.push({ who: `${address}, ${needs}`, sees: PART[mode] });
  }
  if (sights.length === 0) sights.push({ who: "Other people", sees: "Nothing: no link opens this chat." });
  return sights;
}

const PART = {
  "read-only": "The shared part: what is there until you share or update.",
  collaborative: "Everything, also what is written later. They can write, too.",
} as const;

function keysOf(links: readonly LinkFacts[]): string {
  if (links.every(({ password }) => password === true)) return "the link and the password";
  if (links.every(({ password }) => password === false)) return "the link";
  return "the link (and its password, if it has one)";
}

function server({ links, preview, mailed }: Facts): string {
  const knows = ["sizes, times and how often a link was opened"];
  if (links.some(({ mode }) => mode === "collaborative")) knows.push("which accounts take part");
  if (links.some(({ address }) => address !== null)) knows.push("the addresses you named");
  if (preview) knows.push("the card’s title and summary");
  const passing = mailed ? " A link it mails for you passes through it, key included, and is not kept." : "";
  return `${sentence(knows)} No message, no key, no password.${passing}`;
}

function crawlers({ links, preview }: Facts): string {
  if (links.length === 0) return "A card that says nothing, as for an address where nothing is.";
  if (preview) return "The card with title, summary and category. They never get the key.";
  return "A card that only says that there may be an encrypted chat. They never get the key.";
}

function onTheWay({ links }: Facts): Sight[] {
  if (links.length === 0) return [];
  const named = links.filter(({ address }) => address !== null);
  const open = links.filter(({ address }) => address === null);
  const limits: string[] = [];
  if (open.some(({ password }) => password !== true)) limits.push("that is enough to open the chat");
  if (open.some(({ password }) => password !== false)) limits.push("without the password it opens nothing");
  if (named.length > 0) limits.push("without that person’s sign-in it opens nothing");
  const means = limits.length === 1 ? `; ${limits[0]}.` : `. Depending on the link, ${limits.join(", or ")}.`;
  return [
    { who: "Slack and other messengers, if you post a link there", sees: `The complete link with its key${means}` },
    { who: "E-mail providers, if a link is mailed", sees: `The complete link with its key${means}` },
  ];
}

function model({ links }: Facts): string {
  const asks = links.some(({ mode }) => mode === "collaborative")
    ? `Nothing, until someone who writes here mentions @${MATE_NAME}`
    : `Nothing, until you mention @${MATE_NAME}`;
  return `${asks}: then the messages shown before sending, for as long as it answers.`;
}

/** `a, b and c` with a capital and a full stop. */
function sentence(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  const text = parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${last}` : last;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
