import { expect, test } from "vitest";
import { letter, mailto } from "./letter.ts";

const URL_WITH_KEY = "https://share.example/share/chat/AAAAAAAAAAAAAAAAAAAAAA#key=abc";

test("a letter has the whole link on a line of its own", () => {
  expect(letter({ url: URL_WITH_KEY, title: "Tides" }).text.split("\n")).toContain(URL_WITH_KEY);
});

test("a title can't add recipients or headers to the mail that it begins", () => {
  const href = mailto({ address: "a&b@example.org", url: URL_WITH_KEY, title: "x&bcc=eve@example.org\r\nCc: eve" });
  const [to, query = ""] = href.slice("mailto:".length).split("?");
  expect(to).toBe("a%26b%40example.org");
  expect([...new URLSearchParams(query).keys()]).toEqual(["subject", "body"]);
  expect(new URLSearchParams(query).get("body")).toContain(URL_WITH_KEY);
});
