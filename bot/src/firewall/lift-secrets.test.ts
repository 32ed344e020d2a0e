import { inspect } from "node:util";
import { expect, test } from "vitest";
import { PASSWORD_ACTION } from "../screens/field-names.ts";
import { liftSecrets } from "./lift-secrets.ts";
import { liftedOf } from "./lifted.ts";
import { Secret } from "./secret.ts";

const KEY = "q7Zk_P2-xWv9".repeat(4).slice(0, 43);
const CHAT = "AAAAAAAAAAAAAAAAAAAAAA";
const EMBED = "BBBBBBBBBBBBBBBBBBBBBA";
const LINK = `https://share.example.org/share/chat/${CHAT}#key=${KEY}`;

test("takes links out of every depth, of names as well as of values, and leaves the rest", () => {
  const payload = {
    event: { links: [{ url: LINK }], number: 7, nothing: null, yes: true },
    unfurls: { [LINK]: { blocks: [[{ text: LINK }]] } },
  };
  const copy = liftSecrets(payload);
  expect(JSON.stringify(copy)).not.toContain(KEY);
  expect(copy.event).toEqual({ links: [{ url: LINK.split("#")[0] }], number: 7, nothing: null, yes: true });
  expect(payload.event.links[0]?.url).toBe(LINK);
});

test("keeps share links aside, each once, under what they point to", () => {
  const appLink = `https://share.example.org/#embed-id=${EMBED}&amp;key=${KEY}`;
  const copy = liftSecrets({ text: `${LINK} ${appLink} ${LINK} https://example.org/#top` });
  const { links } = liftedOf(copy);
  expect(links.map(({ subject }) => subject)).toEqual([
    { type: "chat", id: CHAT },
    { type: "embed", id: EMBED },
  ]);
  expect(links.map(({ original }) => original.reveal())).toEqual([LINK, appLink]);
});

test("keeps the form's password aside, with any characters in it", () => {
  const password = "https://a.example/#fragment & more";
  const copy = liftSecrets({
    view: {
      state: { values: { [PASSWORD_ACTION]: { [PASSWORD_ACTION]: { type: "plain_text_input", value: password } } } },
    },
  });
  expect(JSON.stringify(copy)).not.toContain("fragment");
  expect(liftedOf(copy).password?.reveal()).toBe(password);
});

test("an empty password is none", () => {
  const copy = liftSecrets({ [PASSWORD_ACTION]: { value: "" } });
  expect(liftedOf(copy).password).toBeNull();
});

test("a payload cannot reach the prototype of objects", () => {
  const copy = liftSecrets(JSON.parse('{"__proto__": {"polluted": true}, "a": 1}'));
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  expect("polluted" in {}).toBe(false);
});

test("a secret shows itself to nobody who prints, joins or stores it", () => {
  const secret = new Secret(LINK);
  const shown = [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true, depth: 9 }),
    [secret].join(""),
  ];
  for (const text of shown) expect(text).not.toContain(KEY);
  expect(secret.reveal()).toBe(LINK);
});
