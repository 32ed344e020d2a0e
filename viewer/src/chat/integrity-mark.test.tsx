import type { Integrity, Role } from "@openmates-share/client";
import { render } from "preact";
import { afterEach, expect, test } from "vitest";
import { IntegrityMark } from "./integrity-mark.tsx";

function show(integrity: Integrity, role: Role): HTMLElement {
  const place = document.createElement("div");
  document.body.append(place);
  render(<IntegrityMark integrity={integrity} role={role} />, place);
  return place;
}

afterEach(() => document.body.replaceChildren());

test.each([
  ["reader", "Complete and unaltered, sealed by the owner on"],
  ["owner", "Complete and unaltered, sealed by you on"],
  ["member", "Complete and unaltered up to the owner’s seal of"],
] as const)("a sound chat is said to be so, quietly, to a %s", (role, sentence) => {
  const place = show({ state: "sealed", time: 0 }, role);
  expect(place.textContent).toContain(sentence);
  expect(place.querySelector("[role=alert]")).toBeNull();
});

test("an altered chat is announced with its reason", () => {
  const place = show({ state: "violated", code: "seal_mismatch", message: "The end is missing." }, "reader");
  expect(place.querySelector("[role=alert]")?.textContent).toContain("The end is missing.");
  expect(place.textContent).toContain("Don’t rely on it");
});

test("while it is being checked nothing is promised", () => {
  expect(show({ state: "checking", checked: 1, of: 2 }, "reader").textContent).not.toContain("Complete");
  expect(show({ state: "unsealed" }, "owner").textContent).toBe("");
});
