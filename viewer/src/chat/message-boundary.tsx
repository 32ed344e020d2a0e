import type { RoomMessage } from "@openmates-share/client";
import { Component, type ComponentChildren } from "preact";

interface BoundaryProps {
  readonly message: RoomMessage;
  readonly children: ComponentChildren;
}

/** Keeps what goes wrong in showing one message with that message: whoever wrote it must not take the chat from the screen. */
export class MessageBoundary extends Component<BoundaryProps, { readonly failed: RoomMessage | null }> {
  override state = { failed: null };

  override componentDidCatch(error: unknown): void {
    reportError(error);
    this.setState({ failed: this.props.message });
  }

  override render({ message, children }: BoundaryProps): ComponentChildren {
    // It may have been edited since, or taken away.
    return this.state.failed === message ? <BrokenMessage sentence="Something in it can’t be drawn." /> : children;
  }
}

export function BrokenMessage({ sentence }: { sentence: string }) {
  return (
    <p class="notice bad">
      <b>This message can’t be shown.</b> {sentence}
    </p>
  );
}
