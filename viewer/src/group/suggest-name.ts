/** Nobody's name, easy to tell apart, and of no more than one meaning. */
const ANIMALS = [
  "Badger",
  "Beaver",
  "Dolphin",
  "Falcon",
  "Gecko",
  "Hedgehog",
  "Heron",
  "Ibex",
  "Kingfisher",
  "Lynx",
  "Marten",
  "Narwhal",
  "Otter",
  "Owl",
  "Panda",
  "Penguin",
  "Puffin",
  "Raccoon",
  "Seal",
  "Sparrow",
  "Squirrel",
  "Tortoise",
  "Walrus",
  "Wombat",
] as const;

/** A name for who has none on this device yet, so that one step is enough to join: one that nobody in the chat has. */
export function suggestName(people: readonly { readonly name: string }[]): string {
  const taken = new Set(people.map(({ name }) => name));
  const names = ANIMALS.map((animal) => `Guest ${animal}`);
  const free = names.filter((name) => !taken.has(name));
  const from = free.length > 0 ? free : names;
  return from[Math.floor(Math.random() * from.length)] ?? "Guest";
}
