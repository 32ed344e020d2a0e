/** `software_development` as people write it. */
export function categoryLabel(category: string): string {
  const words = category.replaceAll("_", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
