import { type Conversation, textParts } from "@openmates-share/client";

const WORDS =
  "lighthouse keepers write down wind tide and passing ships so that nobody forgets what the night was like".split(" ");

/** Words, lists, code and tables, the same in every run, as short as most messages are. */
export function benchText(index: number): string {
  if (index % 2 === 0) return `Entry ${index / 2 + 1}: ${words(index, 4 + (index % 11))}?`;
  switch (index % 10) {
    case 1:
      return `${words(index, 40)}\n\n- ${words(index, 6)}\n- **${words(index + 1, 3)}**, ${words(index, 9)}`;
    case 5:
      return `\`\`\`python\n${Array.from({ length: 3 + (index % 7) }, (_, line) => `log[${line}] = ${index}`).join("\n")}\n\`\`\``;
    case 9:
      return `| hour | wind |\n|---|---|\n${`| ${index % 24} | ${words(index, 2)} |\n`.repeat(2 + (index % 4))}`;
    default:
      return words(index, 20 + (index % 60));
  }
}

function words(from: number, count: number): string {
  return Array.from({ length: count }, (_, at) => WORDS[(from * 5 + at * 7 + at * at) % WORDS.length]).join(" ");
}

export function benchConversation(length: number): Conversation {
  const messages = Array.from({ length }, (_, index) => ({
    role: index % 2 === 0 ? ("user" as const) : ("assistant" as const),
    name: "",
    parts: textParts(benchText(index)),
    time: 1_700_000_000_000 + index * 60_000,
    model: null,
  }));
  return { title: `A log of ${length} entries`, messages };
}
