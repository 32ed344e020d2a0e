/**
 * One card per category of `protocol/src/wire/categories.ts`, one per type of embed (`wire/embeds.ts`), and the default. A glyph is drawn in a square of 24 by 24
 * with round strokes; colours run from left to right (lines that are alike make small files) and carry white text with a contrast above 4.5.
 *
 * @typedef {{ name: string, label: string, colours: readonly [string, string], glyph: string }} Card
 */

/** @param {string} d */
const path = (d) => `<path d="${d}"/>`;
/** @param {number} r */
const circle = (r, cx = 12, cy = 12) => `<circle cx="${cx}" cy="${cy}" r="${r}"/>`;

/** @type {readonly Card[]} */
export const CARDS = [
  {
    name: "default",
    label: "Shared chat",
    colours: ["#3b3f8f", "#6a3f9e"],
    glyph:
      path("M3 6.5a3 3 0 0 1 3-3h7a3 3 0 0 1 3 3v3a3 3 0 0 1-3 3H9l-4 3.5v-3.6a3 3 0 0 1-2-2.9Z") +
      path("M18.5 9a3 3 0 0 1 2.5 3v2.6a3 3 0 0 1-2 2.8v3.1L15.5 18H12a3 3 0 0 1-2.6-1.5"),
  },
  {
    name: "software_development",
    label: "Software development",
    colours: ["#155a8a", "#0f766e"],
    glyph: path("M7.5 6.5 2.5 12l5 5.5M16.5 6.5l5 5.5-5 5.5M13.6 4.5l-3.2 15"),
  },
  {
    name: "business_development",
    label: "Business development",
    colours: ["#14532d", "#0f766e"],
    glyph: path(
      "M5 8h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2ZM8.5 8V5.8A1.8 1.8 0 0 1 10.3 4h3.4a1.8 1.8 0 0 1 1.8 1.8V8M3 13.5h18M12 12.3v2.4",
    ),
  },
  {
    name: "medical_health",
    label: "Medicine and health",
    colours: ["#9f1239", "#b4235a"],
    glyph:
      path("M12 20.5C5.2 16 2.8 12.3 2.8 8.9A4.9 4.9 0 0 1 12 6.6a4.9 4.9 0 0 1 9.2 2.3c0 3.4-2.4 7.1-9.2 11.6Z") +
      path("M6 12.3h3l1.6-3.3 2.8 5.3 1.5-2H18"),
  },
  {
    name: "legal_law",
    label: "Law",
    colours: ["#334155", "#475569"],
    glyph: path(
      "M12 3v17.5M7.5 20.5h9M4.5 6.5 12 5l7.5 1.5M4.5 6.5 2 13.5a2.6 2.6 0 0 0 5 0ZM19.5 6.5 17 13.5a2.6 2.6 0 0 0 5 0Z",
    ),
  },
  {
    name: "maker_prototyping",
    label: "Making and prototyping",
    colours: ["#9a3412", "#a8500e"],
    glyph: path("M12 2.5 20.5 7v10L12 21.5 3.5 17V7ZM3.5 7 12 11.5 20.5 7M12 11.5v10"),
  },
  {
    name: "marketing_sales",
    label: "Marketing and sales",
    colours: ["#a21caf", "#be185d"],
    glyph: path(
      "M4.5 9.5H7.5L16.5 4.5v15l-9-5h-3a1.5 1.5 0 0 1-1.5-1.5v-2a1.5 1.5 0 0 1 1.5-1.5ZM7.5 14.5l1.3 5.5h2.7l-1-3.8M19.5 9a4.2 4.2 0 0 1 0 6",
    ),
  },
  {
    name: "finance",
    label: "Finance",
    colours: ["#065f46", "#15803d"],
    glyph: path("M3.5 3.5v17h17M7 15.5l4-5 3.5 3L20.5 6M16 6h4.5v4.5"),
  },
  {
    name: "design",
    label: "Design",
    colours: ["#7c3aed", "#c026a3"],
    glyph: path("M12 2.5 18.5 13 15.5 18.5h-7L5.5 13ZM12 2.5v8.8M8.5 21.5h7") + circle(1.7, 12, 13),
  },
  {
    name: "electrical_engineering",
    label: "Electrical engineering",
    colours: ["#92400e", "#a16207"],
    glyph: path("M13.5 2.5 4.5 13.5H11l-1 8 9.5-11.5H13Z"),
  },
  {
    name: "movies_tv",
    label: "Movies and TV",
    colours: ["#7f1d1d", "#b91c1c"],
    glyph: path("M5 4.5h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2ZM10 8.2v5.6l5-2.8ZM8 21h8"),
  },
  {
    name: "history",
    label: "History",
    colours: ["#713f12", "#8a5a1c"],
    glyph: path(
      "M6 2.5h12M6 21.5h12M7.5 2.5v4c0 3 4.5 4 4.5 5.5s-4.5 2.5-4.5 5.5v4M16.5 2.5v4c0 3-4.5 4-4.5 5.5s4.5 2.5 4.5 5.5v4M10 18.5h4",
    ),
  },
  {
    name: "science",
    label: "Science",
    colours: ["#1d4ed8", "#0e7490"],
    glyph: path("M9 2.5h6M10.3 2.5V9L4.6 18.4A2 2 0 0 0 6.3 21.5h11.4a2 2 0 0 0 1.7-3.1L13.7 9V2.5M7.2 14.5h9.6"),
  },
  {
    name: "life_coach_psychology",
    label: "Life and psychology",
    colours: ["#0f766e", "#0369a1"],
    glyph: circle(9.5) + path("M16 8l-2.4 5.6L8 16l2.4-5.6Z"),
  },
  {
    name: "cooking_food",
    label: "Cooking and food",
    colours: ["#b45309", "#c2410c"],
    glyph: path("M4.5 10.5h15v6a4 4 0 0 1-4 4h-7a4 4 0 0 1-4-4ZM2 10.5h20M9 7.5C8 6 10 5 9 3M15 7.5C14 6 16 5 15 3"),
  },
  {
    name: "activism",
    label: "Activism",
    colours: ["#be123c", "#c2410c"],
    glyph: path("M5 21.5V3.2M5 4.3c4.5-2.5 8.5 2 14.5-.3v9.5C13.5 15.8 9.5 11.3 5 13.8"),
  },
  {
    name: "general_knowledge",
    label: "General knowledge",
    colours: ["#4338ca", "#1d4ed8"],
    glyph: path("M12 6.5C9.5 4.5 6 4 2.5 4.5v14c3.5-.5 7 0 9.5 2 2.5-2 6-2.5 9.5-2v-14c-3.5-.5-7 0-9.5 2ZM12 6.5v14"),
  },
  {
    name: "onboarding_support",
    label: "Getting started",
    colours: ["#0e7490", "#4338ca"],
    glyph: circle(9.5) + circle(4) + path("M5.3 5.3l3.9 3.9M14.8 9.2l3.9-3.9M14.8 14.8l3.9 3.9M9.2 14.8l-3.9 3.9"),
  },
  {
    name: "embed_website",
    label: "Shared website",
    colours: ["#1d4ed8", "#0e7490"],
    glyph: circle(9.5) + path("M2.5 12h19M12 2.5c5.5 5.5 5.5 13.5 0 19M12 2.5c-5.5 5.5-5.5 13.5 0 19"),
  },
  {
    name: "embed_place",
    label: "Shared place",
    colours: ["#9f1239", "#b4235a"],
    glyph: path("M12 21.5c5-5.5 7-8.7 7-12a7 7 0 0 0-14 0c0 3.3 2 6.5 7 12Z") + circle(2.6, 12, 9.5),
  },
  {
    name: "embed_event",
    label: "Shared event",
    colours: ["#a21caf", "#be185d"],
    glyph: path("M5 5h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2ZM3 10h18M8 2.5V7M16 2.5V7"),
  },
  {
    name: "embed_code",
    label: "Shared code",
    colours: ["#155a8a", "#0f766e"],
    glyph: path("M7.5 6.5 2.5 12l5 5.5M16.5 6.5l5 5.5-5 5.5M13.6 4.5l-3.2 15"),
  },
  {
    name: "embed_application",
    label: "Shared application",
    colours: ["#4338ca", "#1d4ed8"],
    glyph: path("M5 4h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2ZM3 9h18M6.5 6.5h.1M9.5 6.5h.1"),
  },
  {
    name: "embed_file",
    label: "Shared file",
    colours: ["#334155", "#475569"],
    glyph: path("M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5ZM13.5 3.5v5h5"),
  },
  {
    name: "embed_sheet",
    label: "Shared table",
    colours: ["#065f46", "#15803d"],
    glyph: path(
      "M5 4h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2ZM3 9.3h18M3 14.7h18M9 4v16M15 4v16",
    ),
  },
  {
    name: "embed_document",
    label: "Shared document",
    colours: ["#713f12", "#8a5a1c"],
    glyph: path(
      "M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5ZM13.5 3.5v5h5M8.5 12.5h7M8.5 16h5",
    ),
  },
  {
    name: "embed_image",
    label: "Shared picture",
    colours: ["#7c3aed", "#c026a3"],
    glyph:
      path(
        "M5 4h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2ZM3.5 17.5l5.5-5.5 4.5 4.5 2.5-2.5 4.3 4.3",
      ) + circle(1.5, 15.5, 8.8),
  },
  {
    name: "embed_video",
    label: "Shared video",
    colours: ["#7f1d1d", "#b91c1c"],
    glyph: path("M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2ZM10 8.8v6.4l5.5-3.2Z"),
  },
  {
    name: "embed_audio",
    label: "Shared audio",
    colours: ["#0e7490", "#4338ca"],
    glyph: path("M9 18V5.5l11-2V16") + circle(2.7, 6.3, 18) + circle(2.7, 17.3, 16),
  },
  {
    name: "embed_pdf",
    label: "Shared PDF",
    colours: ["#be123c", "#c2410c"],
    glyph: path(
      "M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5ZM13.5 3.5v5h5M8.5 16.5c2.5-1.5 4-4 4-6.5 0 3 1.5 5 4 5.5-2.5-.2-5.5.2-8 1Z",
    ),
  },
];
