import { isValidSlackRequest } from "@slack/bolt";
import { expect, test } from "vitest";
import { signatureHeaders } from "./slack-signature.ts";

test("signs the example of Slack's documentation as Slack does", () => {
  // docs.slack.dev/authentication/verifying-requests-from-slack: secret, time, form and result are given there.
  const form = new URLSearchParams([
    ["token", "xyzz0WbapA4vBCDEFasx0q6G"],
    ["team_id", "T1DC2JH3J"],
    ["team_domain", "testteamnow"],
    ["channel_id", "G8PSS9T3V"],
    ["channel_name", "foobar"],
    ["user_id", "U2CERLKJA"],
    ["user_name", "roadrunner"],
    ["command", "/webhook-collect"],
    ["text", ""],
    ["response_url", "https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN"],
    ["trigger_id", "398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"],
  ]);
  const headers = signatureHeaders({
    secret: "8f742231b10e8888abcd99yyyzzz85a5",
    timestamp: 1531420618,
    body: form.toString(),
  });
  expect(headers["x-slack-signature"]).toBe("v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
});

test("Bolt accepts the signature, and refuses it for another body", () => {
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = signatureHeaders({ secret: "s", timestamp, body: "{}" });
  const signed = { "x-slack-signature": headers["x-slack-signature"] ?? "", "x-slack-request-timestamp": timestamp };
  expect(isValidSlackRequest({ signingSecret: "s", body: "{}", headers: signed })).toBe(true);
  expect(isValidSlackRequest({ signingSecret: "s", body: "{ }", headers: signed })).toBe(false);
});
