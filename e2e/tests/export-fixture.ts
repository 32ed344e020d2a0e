/** A ChatGPT data export, in the shape of the real ones, with the turns given. */
export function chatGptExport(conversations: readonly { title: string; turns: readonly string[] }[]): string {
  return JSON.stringify(conversations.map(exported));
}

function exported({ title, turns }: { title: string; turns: readonly string[] }) {
  const nodes = turns.map((text, i) => ({
    id: `node-${i}`,
    parent: i === 0 ? "root" : `node-${i - 1}`,
    children: i === turns.length - 1 ? [] : [`node-${i + 1}`],
    message: {
      id: `node-${i}`,
      author: { role: i % 2 === 0 ? "user" : "assistant", name: null, metadata: {} },
      create_time: 1_760_000_000 + i * 60,
      content: { content_type: "text", parts: [text] },
      recipient: "all",
      metadata: i % 2 === 0 ? {} : { model_slug: "gpt-4o" },
    },
  }));
  const root = { id: "root", parent: null, children: ["node-0"], message: null };
  return {
    title,
    create_time: 1_760_000_000,
    update_time: 1_760_001_000,
    mapping: Object.fromEntries([root, ...nodes].map((node) => [node.id, node])),
    current_node: `node-${turns.length - 1}`,
    conversation_id: "11111111-2222-4333-8444-555555555555",
  };
}
