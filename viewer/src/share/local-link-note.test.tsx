import { render } from "preact";
import { expect, it } from "vitest";
import { LocalLinkNote } from "./local-link-note.tsx";

const PATH = "/share/chat/AAECAwQFBgcICQoLDA0ODw#key=secret";

it.each([
  ["http://127.0.0.1:4000", /works on this computer only: it leads to http:\/\/127\.0\.0\.1:4000\./],
  ["http://localhost:4000", /works on this computer only/],
  ["http://[::1]:4000", /works on this computer only/],
  ["https://localhost", /works on this computer only/],
  ["http://192.168.0.5:4000", /won’t decrypt at http:\/\/192\.168\.0\.5:4000/],
  ["https://127.0.0.1.example.org", /^$/],
  ["https://share.example.org", /^$/],
])("%s: %s", (origin, sentence) => {
  const place = document.createElement("div");
  render(<LocalLinkNote url={origin + PATH} />, place);
  expect(place.textContent).toMatch(sentence);
  expect(place.textContent).not.toContain("secret");
});
