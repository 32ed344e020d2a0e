/**
 * How high a list may be on the page. Browsers lay out 17 (Firefox) to 33 (Chromium, Safari) million pixels, and positions
 * lose their fractions long before. 100,000 messages need more.
 */
export const MAX_EXTENT = 4_000_000;

/** At either end of a list that is too high, a pixel is a pixel; between them the scroll bar covers more. */
const EXACT = MAX_EXTENT / 4;

/** How high the list is on the page. */
export function extentOf(total: number): number {
  return Math.min(total, MAX_EXTENT);
}

/** Where on the page an offset of the list stands when the scroll bar tells the truth. */
export function pageOffset(offset: number, total: number): number {
  if (total <= MAX_EXTENT || offset <= EXACT) return offset;
  if (offset >= total - EXACT) return MAX_EXTENT - (total - offset);
  return EXACT + (offset - EXACT) * scale(total);
}

/** The other way round: what of the list the scroll bar points at. */
export function listOffset(page: number, total: number): number {
  if (total <= MAX_EXTENT || page <= EXACT) return page;
  if (page >= MAX_EXTENT - EXACT) return total - (MAX_EXTENT - page);
  return EXACT + (page - EXACT) / scale(total);
}

function scale(total: number): number {
  return (MAX_EXTENT - 2 * EXACT) / (total - 2 * EXACT);
}
