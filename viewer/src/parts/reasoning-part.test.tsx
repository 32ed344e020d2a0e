import { render } from "preact";
import { afterEach, expect, test } from "vitest";
import { duration, ReasoningPart } from "./reasoning-part.tsx";

const place = document.createElement("div");
document.body.append(place);
afterEach(() => render(null, place));

test("thoughts are folded under how long they took, with their first words as one reads them", () => {
  render(<ReasoningPart text={"**Looking** at `x_1`\n\n## Why\n\nBecause."} seconds={185} />, place);
  const details = place.querySelector("details");
  expect(details?.open).toBe(false);
  expect(details?.querySelector(".folded-title")?.textContent).toBe("Thought for 3 min 5 s");
  expect(details?.querySelector(".folded-start")?.textContent).toBe("Looking at x_1 Why Because.");
});

test("thoughts that were not kept are a line without anything to open", () => {
  render(<ReasoningPart text=" " seconds={null} />, place);
  expect(place.querySelector("details")).toBeNull();
  expect(place.textContent).toBe("Thought");
});

test.each([
  [0.2, "1 s"],
  [59.4, "59 s"],
  [60, "1 min"],
  [3599, "59 min 59 s"],
  [3600, "1 h"],
  [3840, "1 h 4 min"],
])("%d seconds are %s", (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});
