import { createRequire } from "node:module";
import * as v from "valibot";

/**
 * Slack's names for emoji are those of emoji-datasource; @emoji-mart/data is that list, with its older names and skin tones
 * and without the pictures.
 */
const DATA = "@emoji-mart/data/sets/15/native.json";

const dataSchema = v.object({
  emojis: v.record(v.string(), v.object({ skins: v.array(v.object({ native: v.string() })) })),
  aliases: v.record(v.string(), v.string()),
});

interface Emoji {
  /** Without and with the five skin tones. */
  readonly skins: ReadonlyMap<string, readonly string[]>;
  /** Names by character. */
  readonly names: ReadonlyMap<string, string>;
}

let loaded: Emoji | null = null;

/** Read when the first emoji comes along: half a megabyte of JSON. */
function emoji(): Emoji {
  loaded ??= load();
  return loaded;
}

function load(): Emoji {
  const { emojis, aliases } = v.parse(dataSchema, createRequire(import.meta.url)(DATA));
  const skins = new Map(Object.entries(emojis).map(([name, one]) => [name, one.skins.map(({ native }) => native)]));
  for (const [alias, name] of Object.entries(aliases)) {
    const found = skins.get(name);
    if (found && !skins.has(alias)) skins.set(alias, found);
  }
  // Slack writes flags as `flag-de`; the list has the older names of the ten oldest ones.
  for (const old of ["cn", "de", "es", "fr", "gb", "it", "jp", "kr", "ru", "us"]) {
    const found = skins.get(old);
    if (found) skins.set(`flag-${old}`, found);
  }
  const names = new Map([...skins].toReversed().flatMap(([name, all]) => named(name, all)));
  return { skins, names };
}

/** The plain name for each skin tone is `wave::skin-tone-2`, and the bare one for none. */
function named(name: string, all: readonly string[]): [string, string][] {
  return all.map((character, tone) => [bare(character), tone === 0 ? name : `${name}::skin-tone-${tone + 1}`]);
}

/** Without the sign that asks for a picture, which some write and some do not. */
function bare(character: string): string {
  return character.replaceAll("\uFE0F", "");
}

/** The character of `tada` or `wave::skin-tone-3`; null for a workspace's own emoji. */
export function emojiCharacter(name: string, skinTone: number | null = null): string | null {
  const [plain = "", tone] = name.split("::skin-tone-");
  const skins = emoji().skins.get(plain);
  const wanted = skinTone ?? (tone ? Number(tone) : 1);
  return skins?.[wanted - 1] ?? skins?.[0] ?? null;
}

/** Slack's name for a character; null for one that Slack has no name for. */
export function emojiName(character: string): string | null {
  return emoji().names.get(bare(character)) ?? null;
}

/** `:tada:` as characters, in running text; a workspace's own emoji stay as they are. */
export function withEmoji(text: string): string {
  if (!text.includes(":")) return text;
  return text.replaceAll(
    /:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/gu,
    (code, name: string) => emojiCharacter(name) ?? code,
  );
}
