import { ClientError } from "@openmates-share/client";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { Toasts } from "./toasts.tsx";
import { type Task, useTask } from "./use-task.ts";

let task: Task;

function Shown({ says }: { says: "component" | "toast" }) {
  task = useTask({ says });
  return <p>{task.busy ? "busy" : (task.problem ?? "idle")}</p>;
}

/** Work that ends when the test says so. */
function work() {
  let succeed = () => {};
  let fail = (_error: Error) => {};
  const ended = new Promise<void>((resolve, reject) => {
    succeed = resolve;
    fail = reject;
  });
  return {
    start: vi.fn(() => ended),
    succeed: () => succeed(),
    fail: (sentence: string) => fail(new ClientError("unreachable", sentence)),
  };
}

async function show(says: "component" | "toast" | "nothing"): Promise<void> {
  await act(() =>
    render(
      <>
        {says !== "nothing" && <Shown says={says} />}
        <Toasts />
      </>,
      document.body,
    ),
  );
}

// What this DOM lacks.
beforeAll(() => void Object.assign(HTMLElement.prototype, { showPopover: () => {}, hidePopover: () => {} }));

const text = () => document.querySelector("p")?.textContent;
const toasts = () => [...document.querySelectorAll(".toast")].map((toast) => toast.textContent);

afterEach(async () => {
  await act(() => render(null, document.body));
});

it("is busy while it runs, and then idle", async () => {
  await show("component");
  const saving = work();
  await act(() => task.run(saving.start));
  expect(text()).toBe("busy");
  saving.succeed();
  await expect.poll(text).toBe("idle");
});

it("says what went wrong until it is tried again", async () => {
  await show("component");
  const saving = work();
  await act(() => task.run(saving.start));
  saving.fail("The server can’t be reached.");
  await expect.poll(text).toBe("The server can’t be reached.");
  await act(() => task.run(work().start));
  expect(text()).toBe("busy");
});

it("starts once, also when it is pressed twice at once", async () => {
  await show("component");
  const saving = work();
  await act(() => {
    task.run(saving.start);
    task.run(saving.start);
  });
  expect(saving.start).toHaveBeenCalledTimes(1);
  saving.succeed();
  await expect.poll(text).toBe("idle");
  await act(() => task.run(saving.start));
  expect(saving.start).toHaveBeenCalledTimes(2);
});

it("says it in a toast where that is wanted", async () => {
  await show("toast");
  const undoing = work();
  await act(() => task.run(undoing.start));
  undoing.fail("It was too late.");
  await expect.poll(text).toBe("idle");
  expect(toasts()).toContain("It was too late.");
});

it("says it in a toast when its component is gone by then", async () => {
  await show("component");
  const removing = work();
  await act(() => task.run(removing.start));
  await show("nothing");
  removing.fail("Nobody was removed.");
  await expect.poll(toasts).toContain("Nobody was removed.");
});
