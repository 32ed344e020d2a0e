import { expect, it } from "vitest";
import { typingSentence } from "./typing-line.tsx";

it.each([
  [["Ada"], "Ada is typing"],
  [["Ada", "Bob"], "Ada and Bob are typing"],
  [["Ada", "Bob", "Cy"], "Ada, Bob and 1 other are typing"],
  [["Ada", "Bob", "Cy", "Di"], "Ada, Bob and 2 others are typing"],
])("%j: %s", (names, sentence) => {
  expect(typingSentence(names)).toBe(sentence);
});
