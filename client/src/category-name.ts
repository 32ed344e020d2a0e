import type { Category } from "@openmates-share/protocol/wire";

/** As people write it: `movies_tv` as "Movies and TV". */
export function categoryName(category: Category): string {
  const SPECIAL: Partial<Record<Category, string>> = {
    movies_tv: "Movies and TV",
    medical_health: "Medicine and health",
    legal_law: "Law",
    maker_prototyping: "Making and prototyping",
    marketing_sales: "Marketing and sales",
    life_coach_psychology: "Life and psychology",
    cooking_food: "Cooking and food",
    onboarding_support: "Support",
  };
  const words = category.replaceAll("_", " ");
  return SPECIAL[category] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
