/** Builds exports of ChatGPT's shape for tests; every name and text is the tests' own. */

export interface FixtureMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly tool?: string;
  readonly to?: string;
  readonly time?: number | string | null;
  readonly metadata?: Record<string, unknown>;
}

export interface FixtureNode {
  id: string;
  message: unknown;
  parent: string | null;
  children: string[];
}

export const text = (...parts: unknown[]) => ({ content_type: "text", parts });
export const user = (said: string): FixtureMessage => ({ role: "user", content: text(said) });
export const assistant = (said: string, metadata: Record<string, unknown> = {}): FixtureMessage => ({
  role: "assistant",
  content: text(said),
  metadata: { model_slug: "gpt-5", ...metadata },
});

/** A conversation whose nodes follow each other: an empty root, then `n1`, `n2` … */
export function conversationOf(messages: readonly FixtureMessage[], title = "Bread without kneading") {
  const nodes: FixtureNode[] = [{ id: "root", message: null, parent: null, children: [] }];
  for (const [index, message] of messages.entries()) {
    const parent = nodes.at(-1);
    const id = `n${index + 1}`;
    parent?.children.push(id);
    nodes.push({ id, message: messageOf(id, message), parent: parent?.id ?? null, children: [] });
  }
  const mapping: Record<string, Partial<FixtureNode>> = Object.fromEntries(nodes.map((node) => [node.id, node]));
  return {
    title,
    create_time: 1_760_000_000.25,
    update_time: 1_760_000_100.75,
    mapping,
    current_node: nodes.at(-1)?.id as string | null | undefined,
    conversation_id: "5d2f4c1e-0000-4000-8000-000000000001",
  };
}

export function messageOf(id: string, message: FixtureMessage) {
  return {
    id,
    author: { role: message.role, name: message.tool ?? null, metadata: {} },
    create_time: message.time === undefined ? 1_760_000_001.5 : message.time,
    update_time: null,
    content: message.content ?? text(""),
    status: "finished_successfully",
    weight: 1,
    metadata: message.metadata ?? {},
    recipient: message.to ?? "all",
  };
}
