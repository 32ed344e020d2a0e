import { ClientError } from "@openmates-share/client";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { Toasts } from "./toasts.tsx";
import { type LongTask, type LongTaskHow, useLongTask } from "./use-long-task.ts";

let task: LongTask<number>;

function Shown() {
  task = useLongTask(0);
  return <p>{task.progress === null ? "idle" : `${task.progress} %`}</p>;
}

/** Starts work that goes on until its signal is aborted or the test ends it. */
async function start() {
  let how: LongTaskHow<number> | undefined;
  let end = (_error: Error | null) => {};
  await act(() =>
    task.run((given) => {
      how = given;
      return new Promise((resolve, reject) => {
        end = (error) => (error ? reject(error) : resolve());
        given.signal.addEventListener("abort", () => reject(given.signal.reason));
      });
    }),
  );
  return { how, end };
}

const text = () => document.querySelector("p")?.textContent;
const toasts = () => [...document.querySelectorAll(".toast")].map((toast) => toast.textContent);

// What this DOM lacks.
beforeAll(() => void Object.assign(HTMLElement.prototype, { showPopover: () => {}, hidePopover: () => {} }));

beforeEach(async () => {
  await act(() =>
    render(
      <>
        <Shown />
        <Toasts />
      </>,
      document.body,
    ),
  );
});

afterEach(async () => {
  await act(() => render(null, document.body));
});

it("tells how far it is, and is idle when it is done", async () => {
  const { how, end } = await start();
  expect(text()).toBe("0 %");
  await act(() => how?.onProgress(40));
  expect(text()).toBe("40 %");
  end(null);
  await expect.poll(text).toBe("idle");
});

it("is stopped without a word, and what it says after that is not heard", async () => {
  const { how } = await start();
  await act(() => task.stop());
  expect(how?.signal.aborted).toBe(true);
  await act(() => how?.onProgress(90));
  expect(text()).toBe("idle");
  expect(toasts()).toEqual([]);
});

it("says in a toast why it failed", async () => {
  const { end } = await start();
  end(new ClientError("unreachable", "The server can’t be reached."));
  await expect.poll(toasts).toEqual(["The server can’t be reached."]);
  await expect.poll(text).toBe("idle");
});
