import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { Dialog } from "./dialog.tsx";

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

// Only from a dialog that is still in the page does a browser give the focus back to what opened it.
it("closes before it leaves the page", async () => {
  const connected: boolean[] = [];
  vi.spyOn(HTMLDialogElement.prototype, "close").mockImplementation(function (this: HTMLDialogElement) {
    connected.push(this.isConnected);
  });
  await act(() =>
    render(
      <Dialog title="Share" onClose={() => {}}>
        text
      </Dialog>,
      document.body,
    ),
  );
  await act(() => render(null, document.body));
  expect(connected).toEqual([true]);
});
