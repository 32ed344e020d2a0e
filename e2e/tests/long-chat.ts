import { memoryStore, ShareClient, textParts } from "@openmates-share/client";

const WORDS = "rivers bend where old bridges carry trains across water and stone while people walk home".split(" ");

/** A text of very different length for each number, the same in every run. */
export function longText(index: number): string {
  if (index % 2 === 0) return `Question ${index / 2 + 1}: ${words(index, 3 + (index % 17))}?`;
  switch (index % 5) {
    case 0:
      return words(index, 4);
    case 1:
      return `\`\`\`python\n${Array.from({ length: 2 + (index % 23) }, (_, line) => `value_${line} = ${line}`).join("\n")}\n\`\`\``;
    case 2:
      return `## ${words(index, 3)}\n\n- ${words(index, 7)}\n- **${words(index + 1, 3)}** and more\n\n${words(index, 60)}`;
    case 3:
      return `| a | b |\n|---|---|\n${`| ${words(index, 2)} | 1 |\n`.repeat(1 + (index % 9))}`;
    default:
      return Array.from({ length: 1 + (index % 6) }, (_, at) => words(index + at, 70)).join("\n\n");
  }
}

function words(from: number, count: number): string {
  return Array.from({ length: count }, (_, at) => WORDS[(from * 7 + at * at * 3 + at) % WORDS.length]).join(" ");
}

/** Shares a chat of that many messages as somebody's program would; returns its link. */
export async function shareLongChat(
  server: string,
  { title, length, name = "Ada" }: { title: string; length: number; name?: string },
): Promise<string> {
  const client = new ShareClient({ server, store: memoryStore() });
  const messages = Array.from({ length }, (_, index) => ({
    role: index % 2 === 0 ? ("user" as const) : ("assistant" as const),
    name: "",
    parts: textParts(longText(index)),
    time: 1_700_000_000_000 + index * 60_000,
    model: index % 2 === 0 ? null : "model-4",
  }));
  try {
    const { url } = await client.share({ title, messages }, { mode: "read-only", name });
    return url;
  } finally {
    await client.close();
  }
}
