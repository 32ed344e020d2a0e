import type { RoomMessage } from "@openmates-share/client";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { MessageBoundary } from "./message-boundary.tsx";

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

function Text({ text }: { text: string }) {
  if (text === "hostile") throw new RangeError("Maximum call stack size exceeded");
  return <p>{text}</p>;
}

const messageOf = (seq: number) => ({ seq }) as RoomMessage;

function show(messages: readonly { message: RoomMessage; text: string }[]) {
  return act(() =>
    render(
      messages.map(({ message, text }) => (
        <MessageBoundary key={message.seq} message={message}>
          <Text text={text} />
        </MessageBoundary>
      )),
      document.body,
    ),
  );
}

it("keeps a message that cannot be drawn from taking the others along, until it is another one", async () => {
  const reported = vi.fn();
  vi.stubGlobal("reportError", reported);
  const first = { message: messageOf(1), text: "before" };
  await show([first, { message: messageOf(2), text: "hostile" }, { message: messageOf(3), text: "after" }]);
  expect(document.body.textContent).toBe("beforeThis message can’t be shown. Something in it can’t be drawn.after");
  expect(reported).toHaveBeenCalledTimes(1);
  await show([first, { message: messageOf(2), text: "edited" }, { message: messageOf(3), text: "after" }]);
  expect(document.body.textContent).toBe("beforeeditedafter");
});
