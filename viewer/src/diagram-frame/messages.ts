/** What the page tells the frame that draws. */
export interface DrawRequest {
  readonly source: string;
  readonly dark: boolean;
}

/** What the frame tells the page. Hostile: whatever gets hold of the frame can send anything. */
export type FrameMessage =
  | { readonly type: "ready" }
  /** In CSS pixels. */
  | { readonly type: "drawn"; readonly height: number }
  | { readonly type: "failed" };

/** A diagram taller than this scrolls in its frame. CSS pixels. */
const MAX_HEIGHT = 1_600;

/** Null for what is none; heights within bounds. */
export function parseFrameMessage(data: unknown): FrameMessage | null {
  if (typeof data !== "object" || data === null || !("type" in data)) return null;
  if (data.type === "ready" || data.type === "failed") return { type: data.type };
  if (data.type !== "drawn" || !("height" in data) || typeof data.height !== "number") return null;
  if (!Number.isFinite(data.height)) return null;
  return { type: "drawn", height: Math.min(Math.max(data.height, 40), MAX_HEIGHT) };
}
