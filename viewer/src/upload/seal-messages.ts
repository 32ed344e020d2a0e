import type { SealedPage, SealJob } from "@openmates-share/client";

export type SealRequest =
  | { readonly type: "start"; readonly job: SealJob }
  /** Asks for one page: what is sealed ahead would lie about in memory. */
  | { readonly type: "next" };

export type SealAnswer =
  | { readonly type: "page"; readonly page: SealedPage }
  | { readonly type: "end" }
  | { readonly type: "failed"; readonly sentence: string };
