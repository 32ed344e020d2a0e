import { type ChatId, ClientError, type FilePart, type Room, type ShareClient } from "@openmates-share/client";
import { describe, expect, it } from "vitest";
import { Attachments } from "../embed/attachments.ts";
import { Departures } from "./departures.ts";
import { closeRoom } from "./kept-open.ts";

const CHAT = "chat" as ChatId;
type Uploaded = Awaited<ReturnType<ShareClient["uploadEmbed"]>>;

/** A server whose uploads end when the test says so, each by the name of its file. */
class SlowServer {
  readonly #uploads = new Map<string, { end: (uploaded: Uploaded) => void; fail: (error: Error) => void }>();
  readonly client = {
    uploadEmbed: ({ name }: { name: string }) =>
      new Promise<Uploaded>((end, fail) => {
        this.#uploads.set(name, { end, fail });
      }),
  } as unknown as ShareClient;

  end(name: string): void {
    this.#uploads.get(name)?.end({ ref: { id: name } } as unknown as Uploaded);
  }

  fail(name: string): void {
    this.#uploads.get(name)?.fail(new ClientError("unreachable", "The line is down."));
  }

  with(...names: string[]): Attachments {
    const attachments = new Attachments({ client: this.client, chat: CHAT });
    attachments.add(names.map((name) => new File(["words"], name, { type: "text/plain" })));
    return attachments;
  }
}

function openRoom(): { room: Room; closed: () => boolean } {
  let closed = false;
  const close = () => {
    closed = true;
  };
  return {
    room: { chat: CHAT, close, state: { connection: "live", pending: [] } } as unknown as Room,
    closed: () => closed,
  };
}

const namesOf = (parts: readonly unknown[]) => parts.map((part) => (part as FilePart).name);

describe("messages whose files are still being uploaded", () => {
  it("go out with their files, in the order in which they were sent, whichever is uploaded first", async () => {
    const server = new SlowServer();
    const departures = new Departures();
    const { room } = openRoom();
    const gone: string[][] = [];
    const send = (name: string) => {
      const message = { room, text: name, replyTo: null, attachments: server.with(name) };
      const { parts, sent } = departures.add(message);
      return parts.then((files) => {
        gone.push(namesOf(files));
        sent();
      });
    };
    const both = [send("one.txt"), send("two.txt")];
    server.end("two.txt");
    await new Promise((resolve) => setTimeout(resolve));
    expect(gone).toEqual([]);
    server.end("one.txt");
    await Promise.all(both);
    expect(gone).toEqual([["one.txt"], ["two.txt"]]);
    expect(departures.list.value).toEqual([]);
  });

  it("hold nothing up when a file can't be uploaded, and go when it is tried again", async () => {
    const server = new SlowServer();
    const departures = new Departures();
    const { room } = openRoom();
    const first = departures.add({ room, text: "", replyTo: null, attachments: server.with("one.txt") });
    const second = departures.add({ room, text: "", replyTo: null, attachments: server.with("two.txt") });
    server.end("two.txt");
    server.fail("one.txt");
    expect(namesOf(await second.parts)).toEqual(["two.txt"]);
    second.sent();
    const [failed] = departures.list.value;
    expect(failed?.attachments.list.value[0]?.state.name).toBe("failed");
    failed?.attachments.retry(failed.attachments.list.value[0]?.id ?? 0);
    server.end("one.txt");
    expect(namesOf(await first.parts)).toEqual(["one.txt"]);
  });

  it("are not sent when they are cancelled, or when nothing is left of them", async () => {
    const server = new SlowServer();
    const departures = new Departures();
    const { room } = openRoom();
    const cancelled = departures.add({ room, text: "Look", replyTo: null, attachments: server.with("one.txt") });
    const [departure] = departures.list.value;
    if (departure) departures.cancel(departure);
    await expect(cancelled.parts).rejects.toMatchObject({ code: "aborted" });
    const emptied = server.with("two.txt");
    const left = departures.add({ room, text: "", replyTo: null, attachments: emptied });
    emptied.remove(emptied.list.value[0]?.id ?? 0);
    await expect(left.parts).rejects.toMatchObject({ code: "aborted" });
    expect(departures.list.value).toEqual([]);
  });

  it("keep their chat open behind another screen until they are sent", async () => {
    const server = new SlowServer();
    const departures = new Departures();
    const { room, closed } = openRoom();
    const { parts, sent } = departures.add({ room, text: "", replyTo: null, attachments: server.with("one.txt") });
    closeRoom(room);
    server.end("one.txt");
    await parts;
    expect(closed()).toBe(false);
    sent();
    await expect.poll(closed).toBe(true);
  });
});
