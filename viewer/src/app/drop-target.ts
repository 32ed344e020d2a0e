import { signal } from "@preact/signals";

/** Who takes files that are dropped on the page; null where they are opened as conversations. */
export interface DropTarget {
  readonly label: string;
  readonly take: (files: readonly File[]) => void;
}

export const dropTarget = signal<DropTarget | null>(null);
