import type { Integrity, Role, SenderId } from "@openmates-share/client";
import { render } from "preact";
import { afterEach, expect, test } from "vitest";
import { IntegrityMark } from "./integrity-mark.tsx";

const OWNER = "AAECAwQFBgcICQoLDA0ODw" as SenderId;
const SEALED: Integrity = { state: "sealed", time: 0, at: { seq: 12, head: new Uint8Array(32).fill(0xab) } };

function show(integrity: Integrity, role: Role): HTMLElement {
  const place = document.createElement("div");
  document.body.append(place);
  render(<IntegrityMark integrity={integrity} role={role} owner={OWNER} />, place);
  return place;
}

afterEach(() => document.body.replaceChildren());

test.each([
  ["reader", "Complete and unaltered, sealed by the owner on"],
  ["owner", "Complete and unaltered, sealed by you on"],
  ["member", "Complete and unaltered up to the owner’s seal of"],
] as const)("a sound chat is said to be so, quietly, to a %s", (role, sentence) => {
  const place = show(SEALED, role);
  expect(place.textContent).toContain(sentence);
  expect(place.querySelector("[role=alert]")).toBeNull();
});

test("what was checked is told to who asks, with the key to compare", async () => {
  const details = show(SEALED, "reader").querySelector("details");
  expect(details?.open).toBe(false);
  expect(details?.textContent).not.toContain("all 12 messages");
  details?.setAttribute("open", "");
  details?.dispatchEvent(new Event("toggle"));
  await expect.poll(() => details?.textContent).toContain("all 12 messages");
  expect(details?.textContent).toContain("abab abab abab abab");
  expect(details?.textContent).toContain("0001 0203 0405 0607 0809 0a0b 0c0d 0e0f");
});

test("an altered chat is announced with its reason", async () => {
  const place = show({ state: "violated", code: "seal_mismatch", message: "The end is missing." }, "reader");
  expect(place.querySelector("[role=alert]")?.textContent).toContain("The end is missing.");
  expect(place.textContent).toContain("Don’t rely on it");
  expect(place.textContent).toContain("Tell the person who sent you the link");
  await expect.poll(() => place.textContent).toContain("seal_mismatch");
});

test("while it is being checked nothing is promised", () => {
  expect(show({ state: "checking", checked: 1, of: 2 }, "reader").textContent).not.toContain("Complete");
  expect(show({ state: "unsealed" }, "owner").textContent).toBe("");
});
