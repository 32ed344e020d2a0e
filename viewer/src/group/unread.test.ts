import { describe, expect, it } from "vitest";
import { type Arrived, Unread } from "./unread.ts";

const mine = (seq: number): Arrived => ({ seq, counts: false });
const theirs = (seq: number): Arrived => ({ seq, counts: true });

describe("what is new", () => {
  it("is what others wrote behind what was read, and the line stands above the first of it", () => {
    const unread = new Unread(2);
    unread.take([theirs(1), theirs(2), mine(3), theirs(4), theirs(5)]);
    unread.draw();
    expect(unread.count.value).toBe(2);
    expect(unread.line.value).toBe(4);
  });

  it("is nothing for who has read all, or has written it", () => {
    const unread = new Unread(2);
    unread.take([theirs(1), theirs(2), mine(3)]);
    unread.draw();
    expect(unread.count.value).toBe(0);
    expect(unread.line.value).toBeNull();
  });

  it("shrinks while somebody reads, and the line stays", () => {
    const unread = new Unread(0);
    unread.take([theirs(1), theirs(2), theirs(3)]);
    unread.draw();
    expect(unread.read(2)).toBe(true);
    expect(unread.count.value).toBe(1);
    expect(unread.line.value).toBe(1);
    unread.forget();
    expect(unread.line.value).toBe(1);
  });

  it("has no line when it was seen as it came", () => {
    const unread = new Unread(0);
    unread.take([theirs(1)]);
    unread.read(1);
    unread.draw();
    expect(unread.line.value).toBeNull();
  });

  it("never goes back", () => {
    const unread = new Unread(5);
    expect(unread.read(3)).toBe(false);
    expect(unread.readThrough.value).toBe(5);
  });

  it("is forgotten with all of it read, and the next one has a line of its own", () => {
    const unread = new Unread(0);
    unread.take([theirs(1)]);
    unread.draw();
    unread.read(1);
    unread.forget();
    expect(unread.line.value).toBeNull();
    unread.take([theirs(1), theirs(2)]);
    unread.draw();
    expect(unread.line.value).toBe(2);
  });

  it("ends where another device has read it", () => {
    const unread = new Unread(0);
    unread.take([theirs(1), theirs(2), theirs(3)]);
    unread.draw();
    unread.readElsewhere(2);
    expect(unread.count.value).toBe(1);
    expect(unread.line.value).toBe(3);
    unread.readElsewhere(3);
    expect(unread.line.value).toBeNull();
  });
});
