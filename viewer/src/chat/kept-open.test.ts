import type { Room, RoomState } from "@openmates-share/client";
import { describe, expect, it, vi } from "vitest";
import { closeRoom } from "./kept-open.ts";

type Shown = Pick<RoomState, "connection"> & {
  readonly pending: readonly { readonly state: "waiting" | { refused: string } }[];
};

function roomWith(state: Shown) {
  const listeners = new Set<() => void>();
  const close = vi.fn();
  const room = {
    state,
    close,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const become = (next: Shown) => {
    room.state = next;
    for (const listener of [...listeners]) listener();
    return Promise.resolve().then(() => undefined);
  };
  return { room: room as unknown as Room, close, become, listeners };
}

describe("a room whose screen is left", () => {
  const waiting = [{ state: "waiting" as const }];

  it.each<[string, Shown]>([
    ["nothing waits", { connection: "live", pending: [] }],
    ["what waits needs the person", { connection: "live", pending: [{ state: { refused: "No." } }] }],
    ["the line is down", { connection: "offline", pending: waiting }],
  ])("is closed at once when %s", (_, state) => {
    const { room, close } = roomWith(state);
    closeRoom(room);
    expect(close).toHaveBeenCalledOnce();
  });

  it("is closed when what was written last has gone out", async () => {
    const { room, close, become, listeners } = roomWith({ connection: "live", pending: [...waiting, ...waiting] });
    closeRoom(room);
    await become({ connection: "live", pending: waiting });
    expect(close).not.toHaveBeenCalled();
    await become({ connection: "live", pending: [] });
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce(), { timeout: 60_000 });
    expect(listeners.size).toBe(0);
  });

  it("is closed when the line goes meanwhile", async () => {
    const { room, close, become } = roomWith({ connection: "live", pending: waiting });
    closeRoom(room);
    await become({ connection: "offline", pending: waiting });
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce(), { timeout: 60_000 });
  });
});
