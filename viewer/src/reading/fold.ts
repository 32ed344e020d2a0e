/** What a search overlooks: accents and other marks, and the signs of markdown that stand within words. */
const OVERLOOKED = /[\p{M}*`]/gu;

/** A text as a search compares it: without case, accents, width and emphasis, white space as one space. */
export function fold(text: string): string {
  return lower(text.normalize("NFKD")).replace(OVERLOOKED, "").replace(/\s+/g, " ");
}

/** The same, with where in the text each character of the result came from; one more entry for the end. */
function foldWithPlaces(text: string): { readonly folded: string; readonly places: readonly number[] } {
  let folded = "";
  const places: number[] = [];
  let place = 0;
  for (const character of text) {
    for (const unit of foldCharacter(character).split("")) {
      if (unit === " " && folded.endsWith(" ")) continue;
      folded += unit;
      places.push(place);
    }
    place += character.length;
  }
  places.push(text.length);
  return { folded, places };
}

/** Most characters are plain ones, and a long message has many. */
function foldCharacter(character: string): string {
  return /^[\w.,;:!?()-]$/.test(character) ? character.toLowerCase() : fold(character);
}

/** A final sigma is one only within its word, and a search compares pieces of words. */
function lower(text: string): string {
  return text.toLowerCase().replaceAll("ς", "σ");
}

/** Where in the text the folded words stand, as `[start, end)` in order and without overlap. */
export function findAll(text: string, query: string): [number, number][] {
  const found: [number, number][] = [];
  if (query === "") return found;
  const { folded, places } = foldWithPlaces(text);
  for (let at = folded.indexOf(query); at !== -1; at = folded.indexOf(query, at + query.length)) {
    const start = places[at] ?? 0;
    const last = places[at + query.length - 1] ?? start;
    // A character that became several ends where the next one begins.
    let next = at + query.length;
    while ((places[next] ?? Number.POSITIVE_INFINITY) <= last) next += 1;
    found.push([start, places[next] ?? text.length]);
  }
  return found;
}
