import { afterEach, describe, expect, it } from "vitest";
import { followKeys, type KeyAction, KeyReader, setKeys } from "./keys.ts";

describe("keys", () => {
  it.each([
    [["j"], ["next"]],
    [["g", "g"], ["start"]],
    [["g", "j", "g"], ["next"]],
    [["g", "g", "g"], ["start"]],
    [["G"], ["end"]],
    [["x"], []],
  ])("%j mean %j", (keys, actions) => {
    const reader = new KeyReader();
    expect(keys.map((key, at) => reader.take(key, at * 100)).filter(Boolean)).toEqual(actions);
  });

  it("belong together only when they follow soon", () => {
    const reader = new KeyReader();
    expect(reader.take("g", 0)).toBeNull();
    expect(reader.take("g", 1_001)).toBeNull();
    expect(reader.take("g", 1_500)).toBe("start");
  });
});

describe("on the page", () => {
  let stop = () => {};
  afterEach(() => {
    stop();
    setKeys(true);
    document.body.replaceChildren();
  });

  function pressed(target: Element, init: KeyboardEventInit, writes = false): KeyAction[] {
    const actions: KeyAction[] = [];
    stop = followKeys(
      (action) => actions.push(action),
      () => writes,
    );
    target.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }));
    stop();
    return actions;
  }

  it("reply, edit, react and write only for who may write, and never while they do", () => {
    const area = document.createElement("textarea");
    document.body.append(area);
    for (const [key, action] of [
      ["r", "reply"],
      ["e", "edit"],
      ["+", "react"],
      ["c", "write"],
    ] as const) {
      expect(pressed(document.body, { key }, true)).toEqual([action]);
      expect(pressed(document.body, { key })).toEqual([]);
      expect(pressed(area, { key }, true)).toEqual([]);
    }
  });

  it("do nothing while somebody types, with a modifier, under a dialog, or when they are switched off", () => {
    expect(pressed(document.body, { key: "j" })).toEqual(["next"]);
    expect(pressed(document.body, { key: "j", ctrlKey: true })).toEqual([]);
    expect(pressed(document.body, { key: "j", metaKey: true })).toEqual([]);
    expect(pressed(document.body, { key: "j", altKey: true })).toEqual([]);
    const area = document.createElement("textarea");
    document.body.append(area);
    expect(pressed(area, { key: "j" })).toEqual([]);
    setKeys(false);
    expect(pressed(document.body, { key: "j" })).toEqual([]);
    setKeys(true);
    const dialog = document.createElement("dialog");
    dialog.setAttribute("open", "");
    document.body.append(dialog);
    expect(pressed(document.body, { key: "j" })).toEqual([]);
  });
});
