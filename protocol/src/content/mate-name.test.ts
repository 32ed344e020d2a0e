import { expect, test } from "vitest";
import { resemblesMate } from "./mate-name.ts";

test.each([
  "OpenMates",
  "openmates",
  " Open Mates ",
  "Open-Mates",
  "OpenMate",
  "@OpenMates",
  "OpenMates (official)",
  "0penMates",
  "ОpеnМаtеs",
  "Οpεn Μαtεs",
  "Op\u200ben\u00admates",
  "Open\u3164Mates",
  "\u115fOpenMates\u1160",
  "ꓳꓑꓰꓠꓟꓮꓔꓰꓢ",
  "ⲟⲣⲉⲛⲙⲁⲧⲉs",
  "ØpenMates",
  "ꓳꮲꭼꓠꮇꭺꭲꭼꮪ",
  "ＯｐｅｎＭａｔｅｓ",
  "Ópénmàtes",
  "𝐎𝐩𝐞𝐧𝐌𝐚𝐭𝐞𝐬",
  "Openrnates",
  "OpenM@te5",
])("%j is taken for the mate", (name) => {
  expect(resemblesMate(name)).toBe(true);
});

test.each(["Ada", "Mate", "Open", "Ömer", "Maté", "Опен", "Penny Mates", "", "🙂", "Open Nates"])(
  "%j is a name like any other",
  (name) => {
    expect(resemblesMate(name)).toBe(false);
  },
);
