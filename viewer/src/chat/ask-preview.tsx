import type { ServiceInfo } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import { useSession } from "../app/session.ts";
import type { AskContext } from "./room-model.ts";

/** Before a mention is sent: how many messages leave the encryption, to whom, and exactly which. */
export function AskPreview({ context }: { context: AskContext }) {
  const mate = useMate();
  return (
    <details class="ask-preview">
      <summary>
        <Icon name="spark" />
        {counted(context.length, "message")} will be sent to {receiver(mate)}
      </summary>
      <p class="hint">
        To answer, OpenMates needs these in clear for as long as the answer takes. Nothing else of this chat is sent.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <ol tabIndex={0} aria-label="Messages to be sent">
        {context.map(({ role, name, text }, index) => (
          <li key={index} dir="auto">
            <b>{name || (role === "assistant" ? "Assistant" : "You")}</b>: {text}
          </li>
        ))}
      </ol>
    </details>
  );
}

function receiver(mate: ServiceInfo["mate"] | null): string {
  if (!mate) return "OpenMates";
  if (mate.demo) return "the built-in demo (no model is connected)";
  return mate.models[0]?.name ?? mate.name;
}

function useMate(): ServiceInfo["mate"] | null {
  const { client } = useSession();
  const [mate, setMate] = useState<ServiceInfo["mate"] | null>(null);
  useEffect(() => {
    let shown = true;
    client.service().then(
      (service) => shown && setMate(service.mate),
      // The general name stands; sending says what is the matter.
      () => undefined,
    );
    return () => {
      shown = false;
    };
  }, [client]);
  return mate;
}
