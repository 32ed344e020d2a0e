import { expect, test } from "vitest";
import { emojiCharacter, emojiName, withEmoji } from "./emoji.ts";

test.each([
  [":tada: done", "🎉 done"],
  [":+1::thumbsup:", "👍👍"],
  [":wave::skin-tone-3:", "👋🏼"],
  [":flag-de: :de: :flag-at:", "🇩🇪 🇩🇪 🇦🇹"],
  [":slightly_smiling_face:", "🙂"],
  [":our-logo: stays", ":our-logo: stays"],
  ["at 10:30: nothing, 12:00:00", "at 10:30: nothing, 12:00:00"],
  ["http://a.example:80/x:y", "http://a.example:80/x:y"],
])("writes %s as %s", (text, written) => {
  expect(withEmoji(text)).toBe(written);
});

test("takes a skin tone beside the name", () => {
  expect(emojiCharacter("+1", 2)).toBe("👍🏻");
  expect(emojiCharacter("tada", 2)).toBe("🎉");
  expect(emojiCharacter("nothing-like-it")).toBeNull();
});

test("finds the name of every character that it writes", () => {
  for (const name of ["tada", "heart", "wave::skin-tone-3", "flag-at", "white_check_mark", "female-technologist"]) {
    const character = emojiCharacter(name) ?? "";
    expect(emojiCharacter(emojiName(character) ?? "")).toBe(character);
  }
  expect(emojiName("❤")).toBe("heart");
  expect(emojiName("x")).toBeNull();
});
