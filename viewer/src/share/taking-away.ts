import { KeylessLinksError, type LinkId, type OwnedLink } from "@openmates-share/client";
import { confirmed } from "../app/confirm.tsx";

/** What to call a link of one's own. */
export function nameOfLink({ label, audience, mode }: Pick<OwnedLink, "label" | "audience" | "mode">): string {
  if (label !== null && label !== "") return label;
  if (audience.type === "named") return audience.address;
  return mode === "collaborative" ? "Link to write together" : "Link to read";
}

/**
 * Takes access away. Links that this device can't carry over to the new key are named first, and the owner decides.
 * Null when they decided to leave it.
 */
export async function takingAway<T>(
  links: readonly OwnedLink[],
  work: (alsoRevoke: readonly LinkId[]) => Promise<T>,
): Promise<T | null> {
  try {
    return await work([]);
  } catch (error) {
    if (!(error instanceof KeylessLinksError)) throw error;
    const names = error.links.map((link) => {
      const known = links.find((one) => one.link === link);
      return `“${known ? nameOfLink(known) : "a link without a name"}”`;
    });
    const yes = await confirmed({
      title: names.length === 1 ? "One more link would end" : `${names.length} more links would end`,
      text: `This begins a new key, and ${names.join(", ")} can’t be given it from here: ${names.length === 1 ? "it was" : "they were"} made on another device. End ${names.length === 1 ? "it" : "them"} too, or do this on that device, where nothing else ends.`,
      yes: names.length === 1 ? "End it too" : "End them too",
      danger: true,
    });
    return yes ? await work(error.links) : null;
  }
}
