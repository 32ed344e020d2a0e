import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findSecrets, withMasks } from "./find-secrets.ts";
import type { SecretKind } from "./secret-kinds.ts";

/** Put together here, so that no scanner of repositories takes this file for a leak. */
const joined = (...parts: string[]) => parts.join("");
const PEM = joined("-----BEGIN RSA PRIVATE", " KEY-----\nMIIBOgIBAAJBAK\n-----END RSA PRIVATE", " KEY-----");

function secretsIn(text: string): [SecretKind, string][] {
  return findSecrets(text).map(({ kind, start, end }) => [kind, text.slice(start, end)]);
}

describe("what is found", () => {
  it.each<[SecretKind, string]>([
    ["awsKey", joined("AKIA", "IOSFODNN7EXAMPLE")],
    ["githubToken", joined("ghp_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8")],
    ["githubToken", joined("github_pat_", "11ABCDEFG0abcdefghijkl_", "a1B2c3D4".repeat(8))],
    ["gitlabToken", joined("glpat-", "a1B2c3D4e5F6g7H8i9J0")],
    ["anthropicKey", joined("sk-ant-", "api03-", "a1B2c3D4".repeat(8))],
    ["openaiKey", joined("sk-", "proj-", "a1B2c3D4".repeat(6))],
    ["openaiKey", joined("sk-", "a1B2c3D4".repeat(6))],
    ["slackToken", joined("xoxb-", "123456789012-123456789012-a1B2c3D4e5F6")],
    ["slackToken", joined("https://hooks.slack.com", "/services/T0000/B0000/a1B2c3D4e5F6g7H8")],
    ["googleKey", joined("AIza", "SyA1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q")],
    ["stripeKey", joined("sk_live_", "a1B2c3D4e5F6g7H8i9J0")],
    ["otherToken", joined("npm_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8")],
    ["jwt", joined("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0In0", ".dozjgNryP4J3jVmNHl0w5N")],
    ["privateKey", PEM],
    ["email", "anna.beispiel+list@mail.example.org"],
    ["iban", "DE89 3704 0044 0532 0130 00"],
    ["iban", "GB82WEST12345698765432"],
    ["card", "4111 1111 1111 1111"],
    ["card", "378282246310005"],
    ["phone", "+49 30 901820"],
    ["phone", "+1 (415) 555-2671"],
    ["phone", "(415) 555-2671"],
    ["phone", "030/90182012"],
  ])("%s: %s", (kind, secret) => {
    for (const text of [secret, `Here it is: ${secret}.`, `"${secret}"`, `- ${secret}\n- and more`]) {
      expect(secretsIn(text)).toEqual([[kind, secret]]);
    }
  });

  it.each<[SecretKind, string, string]>([
    ["password", "postgres://app:s3cr3t!@db.internal/app", "s3cr3t!"],
    ["password", "DB_PASSWORD=correct-horse-battery", "correct-horse-battery"],
    ["password", '"password": "hunter22"', "hunter22"],
    [
      "assignedSecret",
      'aws_secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzz3EKEY12"',
      "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzz3EKEY12",
    ],
    ["assignedSecret", "Authorization: Bearer a8f5f167f44f4964e6c998dee827110c", "a8f5f167f44f4964e6c998dee827110c"],
    ["assignedSecret", "apiKey: 'q9Xv2LmN8sT4wYzB6cD1'", "q9Xv2LmN8sT4wYzB6cD1"],
  ])("%s, and not its name: %s", (kind, text, secret) => {
    expect(secretsIn(text)).toEqual([[kind, secret]]);
  });

  it.each([
    "The token is passed as the second argument.",
    "password: your_password_here",
    'api_key = os.environ["OPENAI_API_KEY"]',
    "const token = process.env.TOKEN_OF_SERVICE_2;",
    "const secret = getSecretFromVault(name);",
    "sk-learn-is-a-library-for-everyone",
    "4111 1111 1111 1112",
    "DE89370400440532013001",
    "It was 2026-11-21 10:00, order 12345, and 3.141592653589793.",
    "192.168.100.200:8080 and 10.0.0.1",
    "@media (max-width: 640px) { a@b }",
    "see https://example.org/a?b=c#d and user@host",
    "1234567890123456789012345678901234567890",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  ])("nothing in: %s", (text) => expect(secretsIn(text)).toEqual([]));
});

describe("what is masked", () => {
  it("is replaced by what it was, and the rest stays", () => {
    const text = "Write to anna@example.org or +49 30 901820, card 4111 1111 1111 1111.";
    expect(withMasks(text, findSecrets(text))).toBe(
      "Write to [e-mail address removed] or [phone number removed], card [card number removed].",
    );
  });

  it("is not found again, and leaves nothing of itself", () => {
    const secret = fc.constantFrom(
      "anna@example.org",
      "+49 30 901820",
      "4111 1111 1111 1111",
      PEM,
      joined("ghp_", "a1B2".repeat(9)),
    );
    const text = fc.array(fc.oneof(secret, fc.lorem(), fc.constantFrom("\n", "```", " | ", "key=")));
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.join(" ");
        expect(findSecrets(withMasks(whole, findSecrets(whole)))).toEqual([]);
      }),
    );
  });
});

describe("any text", () => {
  it("gives places in it, in order and apart", () => {
    const strange = fc.array(
      fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("@", "a.b", "+1", "eyJ", "sk-", "-----BEGIN ", "4111 ")),
    );
    fc.assert(
      fc.property(strange, (parts) => {
        const text = parts.join("");
        let end = 0;
        for (const finding of findSecrets(text)) {
          expect(finding.start).toBeGreaterThanOrEqual(end);
          expect(finding.end).toBeGreaterThan(finding.start);
          end = finding.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it.each([
    ["a", "a@"],
    ["dots", "a."],
    ["labels", "a@b.c-"],
    ["digits", "4 "],
    ["signs", "+1 "],
    ["numbers", "0301 "],
    ["tokens", "eyJaaaaaaaa."],
    ["names", "token_"],
    ["assignments", "token="],
    ["passwords", "password:"],
    ["addresses", "a://b:"],
    ["letters of accounts", "DE89 A1B2 "],
    ["keys that never end", "-----BEGIN PRIVATE KEY-----\n"],
  ])("of %s takes linear time", (_, unit) => {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
    const before = process.cpuUsage();
    findSecrets(text);
    // The processor's time, which other programs do not lengthen; a quadratic scan of as much takes minutes. Microseconds.
    expect(process.cpuUsage(before).user).toBeLessThan(8_000_000);
  });
});
