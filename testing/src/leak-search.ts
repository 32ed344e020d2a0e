import { Buffer } from "node:buffer";

/** Something a run left behind: a log, a dump, a recording. */
export interface Trace {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Something that must stand in no trace. */
export interface Secret {
  readonly name: string;
  readonly value: string | Uint8Array;
}

export interface Leak {
  readonly secret: string;
  readonly trace: string;
  readonly spelling: string;
}

/** Shorter strings turn up by chance. */
const SHORTEST = 8;

/** Looks for every secret in every trace, in each spelling that programs are likely to write it in. */
export function findLeaks(traces: readonly Trace[], secrets: readonly Secret[]): Leak[] {
  return secrets.flatMap((secret) =>
    spellingsOf(secret).flatMap(({ spelling, bytes }) =>
      traces
        .filter((trace) => trace.bytes.includes(bytes))
        .map((trace) => ({ secret: secret.name, trace: trace.name, spelling })),
    ),
  );
}

function spellingsOf({ name, value }: Secret): { spelling: string; bytes: Buffer }[] {
  const raw = typeof value === "string" ? Buffer.from(value, "utf8") : Buffer.from(value);
  if (raw.length < SHORTEST) throw new RangeError(`"${name}" is too short to be looked for`);
  const text = typeof value === "string" ? textSpellings(value) : [];
  return [
    { spelling: "as it is", bytes: raw },
    { spelling: "hexadecimal", bytes: Buffer.from(raw.toString("hex")) },
    { spelling: "hexadecimal, upper case", bytes: Buffer.from(raw.toString("hex").toUpperCase()) },
    ...base64Spellings(raw),
    ...text,
  ];
}

function textSpellings(value: string): { spelling: string; bytes: Buffer }[] {
  const spellings = [
    { spelling: "JSON", text: JSON.stringify(value).slice(1, -1) },
    { spelling: "URL-encoded", text: encodeURIComponent(value) },
    { spelling: "form-encoded", text: new URLSearchParams({ v: value }).toString().slice(2) },
  ];
  return [
    { spelling: "UTF-16", bytes: Buffer.from(value, "utf16le") },
    ...spellings
      .filter(({ text }) => text !== value)
      .map(({ spelling, text }) => ({ spelling, bytes: Buffer.from(text) })),
  ];
}

/** In the middle of longer base64 a value looks different for each place in a group of three. */
function base64Spellings(raw: Buffer): { spelling: string; bytes: Buffer }[] {
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), raw]).toString("base64");
    // The first and last characters mix with what stands before and behind.
    const inner = encoded.slice(shift === 0 ? 0 : 4, encoded.length - 4);
    const url = inner.replaceAll("+", "-").replaceAll("/", "_");
    const spellings = [{ spelling: `base64, shifted by ${shift}`, bytes: Buffer.from(inner) }];
    return url === inner ? spellings : [...spellings, { spelling: "base64url", bytes: Buffer.from(url) }];
  });
}
