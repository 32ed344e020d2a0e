import type { MemberSummary, OwnedLink, RemovedPerson } from "@openmates-share/client";
import type { RoomModel } from "../chat/room-model.ts";
import type { Made } from "./make-links.ts";

/** What the dialog about a chat's links shows. */
export type View =
  | { readonly view: "list" }
  | { readonly view: "new" }
  | { readonly view: "edit"; readonly link: OwnedLink }
  | { readonly view: "remove"; readonly person: MemberSummary }
  | { readonly view: "hand-over"; readonly person: MemberSummary }
  | { readonly view: "made"; readonly made: Made; readonly hasPassword: boolean }
  | {
      readonly view: "link";
      readonly url: string;
      readonly address: string | null;
      /** Null where it is not known any more. */
      readonly hasPassword: boolean | null;
      /** What to do with it. */
      readonly note: string | null;
    };

export interface Access {
  readonly links: readonly OwnedLink[];
  readonly people: readonly MemberSummary[];
}

/** A link that there is already. */
export function shown({ audience }: OwnedLink, url: string): View {
  const address = audience.type === "named" ? audience.address : null;
  return { view: "link", url, address, hasPassword: null, note: null };
}

/** With a new link in the old one's place, that one is what the owner needs next. */
export function afterRemoval(
  { replacement, others }: RemovedPerson,
  { model, hasPassword }: { model: RoomModel; hasPassword: boolean },
): View {
  if (!replacement) return { view: "list" };
  const names = others.map((sender) => model.nameOf(sender)).join(", ");
  const note =
    others.length === 0
      ? "This link takes the old one’s place. Send it to those who still need it."
      : `This link takes the old one’s place. ${names} came by the old one and need${others.length === 1 ? "s" : ""} it.`;
  return { view: "link", url: replacement.url, address: null, hasPassword, note };
}
