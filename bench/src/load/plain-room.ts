import { randomBytes } from "node:crypto";
import type { Peer } from "./peer.ts";
import { BINARY, frameOf, RawLine, SKIMMED_BYTES, TEXT } from "./raw-line.ts";

/** Binary fields of a message: Socket.IO's default parser sends each as a frame of its own. */
const ATTACHMENTS = 2;

/** A client of `rivals/plain-socketio.ts`, which speaks Socket.IO's default protocol. */
export class PlainPeer implements Peer {
  onMessages: (count: number) => void = () => {};
  /** Called with each text packet, for those who measure something else than messages. */
  onText: (text: string) => void = () => {};
  readonly #line: RawLine;

  private constructor(line: RawLine) {
    this.#line = line;
  }

  static async connect(server: string): Promise<PlainPeer> {
    const line = await RawLine.open(`${server.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
    const connected = new Promise<void>((resolve) => {
      line.onFrame = (payload) => void (payload.toString("latin1", 0, 2) === "40" && resolve());
    });
    line.send(frameOf("40"));
    await connected;
    const peer = new PlainPeer(line);
    let attachments = 0;
    line.onFrame = (payload, opcode) => {
      if (opcode === BINARY) {
        attachments += 1;
        if (attachments % ATTACHMENTS === 0) peer.onMessages(1);
      } else if (opcode === TEXT && payload[0] === 0x32) line.send(frameOf("3"));
      else peer.onText(payload.toString());
    };
    return peer;
  }

  /** Resolves when the server has said so. */
  async join(room: string): Promise<void> {
    const joined = new Promise<void>((resolve) => {
      const before = this.onText;
      this.onText = (text) => {
        if (!text.startsWith("430")) return before(text);
        this.onText = before;
        resolve();
      };
    });
    this.#line.send(frameOf(`420${JSON.stringify(["join", room])}`));
    await joined;
  }

  skim(): void {
    this.#line.keptBytes = SKIMMED_BYTES;
  }

  prepare({ size }: { size: number }): Uint8Array {
    const placeholders = Array.from({ length: ATTACHMENTS }, (_, num) => ({ _placeholder: true, num }));
    const text = `45${ATTACHMENTS}-${JSON.stringify(["relay", ...placeholders])}`;
    return Buffer.concat([frameOf(text), frameOf(randomBytes(size - 12)), frameOf(randomBytes(12))]);
  }

  send(frame: Uint8Array): void {
    this.#line.send(frame);
  }

  close(): void {
    this.#line.close();
  }
}

let rooms = 0;

export async function openPlainRoom(server: string, size: number): Promise<readonly PlainPeer[]> {
  rooms += 1;
  const room = `room ${process.pid} ${rooms}`;
  return Promise.all(
    Array.from({ length: size }, async () => {
      const peer = await PlainPeer.connect(server);
      await peer.join(room);
      return peer;
    }),
  );
}
