/** What a chat is about; it picks the card's image and the mate's manner. */
export const CATEGORIES = [
  "software_development",
  "business_development",
  "medical_health",
  "legal_law",
  "maker_prototyping",
  "marketing_sales",
  "finance",
  "design",
  "electrical_engineering",
  "movies_tv",
  "history",
  "science",
  "life_coach_psychology",
  "cooking_food",
  "activism",
  "general_knowledge",
  "onboarding_support",
] as const;

export type Category = (typeof CATEGORIES)[number];
