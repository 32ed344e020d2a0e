/** Characters that RFC 5321 section 4.5.3.1 allows a path. */
const LONGEST = 254;
const SHAPE = /^[^\s@<>,;"]{1,64}@[^\s@<>,;".]+(?:\.[^\s@<>,;".]+)+$/u;

/** As it is kept and compared: the server decides the same way. Null for what is no address. */
export function readAddress(text: string): string | null {
  // Mail programs hand out `Ada Lovelace <ada@example.org>`.
  const inside = /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text;
  const address = inside
    .trim()
    .replace(/^mailto:/i, "")
    .toLowerCase();
  return address.length <= LONGEST && SHAPE.test(address) ? address : null;
}

export interface ReadAddresses {
  /** Each once, in order. */
  readonly addresses: readonly string[];
  /** What is none, as it was typed. */
  readonly rest: readonly string[];
}

/** Reads what was typed or pasted: addresses between commas, semicolons, spaces and line ends. */
export function readAddresses(text: string): ReadAddresses {
  const entries = text.split(/[,;\n]+/).flatMap((entry) => (entry.includes("<") ? [entry] : entry.split(/\s+/)));
  const given = entries.map((entry) => entry.trim()).filter((entry) => entry !== "");
  const addresses = given.map(readAddress).filter((address) => address !== null);
  return { addresses: [...new Set(addresses)], rest: given.filter((entry) => readAddress(entry) === null) };
}
