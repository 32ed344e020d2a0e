import { expect, test } from "vitest";
import { reportCrash } from "./crash-report.ts";

const KEY = "q7Zk_P2-xWv9".repeat(4).slice(0, 43);
const LINK = `https://share.example.org/share/chat/AAAAAAAAAAAAAAAAAAAAAA#key=${KEY}`;

test("says what failed and where, and quotes nothing of what it was about", () => {
  const error = new TypeError(`cannot take {"text": "hush ${LINK}"}\n    at hush (${LINK}:1:1)`, { cause: LINK });
  const report = reportCrash(Object.assign(error, { code: "bad", payload: { text: LINK } }));
  expect(report).toMatch(/^bot error The program ends: TypeError bad: cannot take\n {4}at /u);
  expect(report).toContain("crash-report.test.ts");
  expect(report).not.toContain("hush");
  expect(report).not.toContain(KEY.slice(0, 11));
});

test.each([`a string with ${LINK}`, { text: LINK }, null])("says nothing of what is no error", (thrown) => {
  expect(reportCrash(thrown)).toBe("bot error The program ends: something that is not an error");
});
