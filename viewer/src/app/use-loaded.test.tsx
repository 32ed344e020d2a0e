import { ClientError } from "@openmates-share/client";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Loaded, useLoaded } from "./use-loaded.ts";

interface Try {
  readonly signal: AbortSignal;
  readonly come: (value: string) => void;
  readonly fail: (error: Error) => void;
}

let tries: Try[];
let loaded: Loaded<string>;

const load = (signal: AbortSignal) =>
  new Promise<string>((come, fail) => {
    tries.push({ signal, come, fail });
  });

function Shown() {
  loaded = useLoaded(load);
  return <p>{`${loaded.value ?? "nothing"}, ${loaded.problem ?? "no problem"}`}</p>;
}

const text = () => document.querySelector("p")?.textContent;

beforeEach(async () => {
  tries = [];
  await act(() => render(<Shown />, document.body));
});

afterEach(async () => {
  await act(() => render(null, document.body));
});

it("loads at once, and keeps what came when the next try fails", async () => {
  expect(text()).toBe("nothing, no problem");
  tries[0]?.come("two links");
  await expect.poll(text).toBe("two links, no problem");
  const again = loaded.reload();
  tries[1]?.fail(new ClientError("unreachable", "The server can’t be reached."));
  await again;
  await expect.poll(text).toBe("two links, The server can’t be reached.");
});

it("shows what was asked for last, whichever comes first", async () => {
  const again = loaded.reload();
  expect(tries.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  tries[1]?.come("new");
  await again;
  tries[0]?.come("old");
  await expect.poll(text).toBe("new, no problem");
});

it("ends with its component", async () => {
  await act(() => render(null, document.body));
  expect(tries.map(({ signal }) => signal.aborted)).toEqual([true]);
});
