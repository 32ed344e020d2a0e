import { clampLine } from "./line.ts";

const LONGEST_LABEL = 200;

/** A link whose label cannot break out of it; the label alone when the address is none of the web. */
export function link(label: string, address: string): string {
  const url = webAddress(address);
  const text = escaped(clampLine(label, LONGEST_LABEL));
  if (url === null) return text;
  return `[${text || escaped(new URL(url).hostname)}](<${url}>)`;
}

/** A web address in its normal spelling, safe within angle brackets. */
export function webAddress(address: string): string | null {
  if (address.length > 8000 || !/^https?:\/\//i.test(address)) return null;
  try {
    return new URL(address).href.replace(/[<>\\\n]/g, encodeURIComponent);
  } catch {
    return null;
  }
}

/** Parts that say something, with an empty line between. */
export function paragraphs(parts: readonly string[]): string {
  return parts.filter((part) => part.trim() !== "").join("\n\n");
}

function escaped(line: string): string {
  return line.replace(/[\\`*_[\]<>]/g, "\\$&");
}
