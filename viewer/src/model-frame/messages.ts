/** What the page asks the frame that reaches somebody's own model; with it comes the port that the answer goes to. */
export interface ModelRequest {
  /** Up to `/v1`, without a slash at the end. */
  readonly address: string;
  readonly key: string | null;
  readonly model: string;
  readonly messages: readonly { readonly role: "system" | "user" | "assistant"; readonly content: string }[];
}

/** What the frame answers, in order. */
export type ModelNews =
  | { readonly type: "piece"; readonly text: string }
  | { readonly type: "end"; readonly ended: "complete" | "length" }
  | { readonly type: "failed"; readonly fault: "unreachable" | "refused_key" | "other" };
