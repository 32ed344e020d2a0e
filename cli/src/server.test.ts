import { describe, expect, it } from "vitest";
import { linkAndServer, serverFrom } from "./server.ts";
import { UsageError } from "./usage-error.ts";

const ID = "AAAAAAAAAAAAAAAAAAAAAA";
const KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

describe("the server", () => {
  it("is the option's, else the environment's, else the one on this machine", () => {
    const env = { OMSHARE_SERVER: "https://env.example/" };
    expect(serverFrom({ server: "https://option.example/sub/", env })).toBe("https://option.example/sub");
    expect(serverFrom({ server: undefined, env })).toBe("https://env.example");
    expect(serverFrom({ server: undefined, env: {} })).toBe("http://127.0.0.1:4000");
  });

  it.each(["example.org", "ftp://example.org", "javascript:alert(1)"])("can't be %j", (server) => {
    expect(() => serverFrom({ server, env: {} })).toThrow(UsageError);
  });

  it.each([
    [`https://share.example/share/chat/${ID}#key=${KEY}`, "https://share.example"],
    [`https://share.example:8443/sub/share/chat/${ID}/?utm_source=x#key=${KEY}`, "https://share.example:8443/sub"],
    [`https://share.example/#chat-id=${ID}&amp;key=${KEY}`, "https://share.example"],
    [` <https://share.example/share/chat/${ID}#key=${KEY}>. `, "https://share.example"],
  ])("of the link %s is %s", (text, server) => {
    expect(linkAndServer(text, undefined)).toMatchObject({ server, link: { subject: { type: "chat", id: ID } } });
    expect(linkAndServer(text, "http://127.0.0.1:1").server).toBe("http://127.0.0.1:1");
  });

  it.each(["nonsense", `https://share.example/share/chat/${ID}`, `https://share.example/#key=${KEY}`])(
    "is not looked for in the damaged link %j, which the message does not quote",
    (text) => {
      try {
        linkAndServer(text, undefined);
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
        expect(String(error)).not.toContain(KEY);
      }
    },
  );
});
