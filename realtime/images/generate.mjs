// Draws the cards' images into public/og: `npm run images -w realtime`. They are committed, so that nothing has to be drawn
// where the server is built; run this again after a change in cards.mjs.
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";
import { CARDS } from "./cards.mjs";
import { encodePng } from "./png.mjs";

const { resolve } = createRequire(import.meta.url);
const OUT = join(dirname(fileURLToPath(import.meta.url)), "../public/og");
/** Inter, by Rasmus Andersson, under the SIL Open Font License. */
const FONTS = ["500Medium/Inter_500Medium.ttf", "700Bold/Inter_700Bold.ttf"].map((file) =>
  resolve(`@expo-google-fonts/inter/${file}`),
);
const [WIDTH, HEIGHT] = [1200, 630];

await mkdir(OUT, { recursive: true });
for (const card of CARDS) {
  const { pixels } = new Resvg(draw(card), {
    font: { fontFiles: FONTS, loadSystemFonts: false, defaultFontFamily: "Inter" },
  }).render();
  await writeFile(join(OUT, `${card.name}.png`), encodePng({ width: WIDTH, height: HEIGHT, rgba: pixels }));
}

/** @param {import("./cards.mjs").Card} card */
function draw({ label, colours: [from, to], glyph }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
  <defs>
    <linearGradient id="background" x1="0" y1="0" x2="1" y2="0">
      <stop offset="0" stop-color="${from}"/>
      <stop offset="1" stop-color="${to}"/>
    </linearGradient>
  </defs>
  <rect width="${WIDTH}" height="${HEIGHT}" fill="url(#background)"/>
  <g fill="#fff">
    <circle cx="930" cy="315" r="430" fill-opacity=".05"/>
    <circle cx="930" cy="315" r="310" fill-opacity=".05"/>
    <circle cx="930" cy="315" r="195" fill-opacity=".10"/>
  </g>
  <g transform="translate(810 195) scale(10)" fill="none" stroke="#fff" stroke-width="1.25" stroke-linecap="round" stroke-linejoin="round">${glyph}</g>
  <g transform="translate(84 76)">
    <g fill="none" stroke="#fff" stroke-width="4.5" stroke-linejoin="round">
      <path d="M4 14a12 12 0 0 1 12-12h16a12 12 0 0 1 12 12v8a12 12 0 0 1-12 12H22L10 44v-10.500A12 12 0 0 1 4 22Z"/>
    </g>
    <circle cx="17" cy="18" r="3.4" fill="#fff"/><circle cx="31" cy="18" r="3.4" fill="#fff"/>
    <text x="62" y="34" font-family="Inter" font-weight="7" font-size="38" fill="#fff" letter-spacing="-.6">OpenMates</text>
  </g>
  ${title(label)}
  <g transform="translate(84 512)">
    <g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">
      <rect x="2" y="15" width="26" height="20" rx="4"/>
      <path d="M7.500 15v-5.500a7.500 7.500 0 0 1 15 0V15"/>
    </g>
    <text x="44" y="33" font-family="Inter" font-weight="5" font-size="28" fill="#fff">End-to-end encrypted</text>
  </g>
</svg>`;
}

/** One or two lines, the last of them in the middle of the card. @param {string} label */
function title(label) {
  const lines = label.length > 15 ? splitInTwo(label) : [label];
  const size = 68;
  const top = 340 - ((lines.length - 1) * size * 1.12) / 2;
  return lines
    .map((line, index) => {
      const y = top + index * size * 1.12;
      return `<text x="82" y="${y}" font-family="Inter" font-weight="7" font-size="${size}" fill="#fff" letter-spacing="-1.8">${line}</text>`;
    })
    .join("");
}

/** At the space that leaves the shortest longer line. @param {string} label */
function splitInTwo(label) {
  const spaces = [...label.matchAll(/ /g)].map(({ index }) => index);
  const [best = label.length] = spaces.sort((a, b) => longer(label, a) - longer(label, b));
  return [label.slice(0, best), label.slice(best + 1)];
}

/** @param {string} label @param {number} space */
function longer(label, space) {
  return Math.max(space, label.length - space - 1);
}
