import { render } from "preact";
import { expect, it } from "vitest";
import { TypingNames } from "./typing-line.tsx";

it.each([
  [["Ada"], "Ada is typing"],
  [["Ada", "Bob"], "Ada and Bob are typing"],
  [["Ada", "Bob", "Cy"], "Ada, Bob and 1 other are typing"],
  [["Ada", "Bob", "Cy", "Di"], "Ada, Bob and 2 others are typing"],
])("%j: %s", (names, sentence) => {
  const place = document.createElement("p");
  render(<TypingNames names={names} />, place);
  expect(place.textContent).toBe(sentence);
});
