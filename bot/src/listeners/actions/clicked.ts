import * as v from "valibot";
import type { Asker } from "../../use-cases/tell.ts";

const clickSchema = v.object({
  user: v.object({ id: v.string() }),
  channel: v.nullish(v.object({ id: v.string() })),
  container: v.nullish(v.object({ thread_ts: v.nullish(v.string()), message_ts: v.nullish(v.string()) })),
  message: v.nullish(v.object({ ts: v.nullish(v.string()), thread_ts: v.nullish(v.string()) })),
  view: v.nullish(v.object({ id: v.string(), type: v.nullish(v.string()) })),
  trigger_id: v.nullish(v.string()),
  response_url: v.nullish(v.string()),
  actions: v.tupleWithRest([v.object({ value: v.nullish(v.string(), "") })], v.unknown()),
});

/** A click on a button of ours: in a message, or on the Home tab. */
export interface Click {
  readonly asker: Asker;
  readonly trigger: string;
  readonly value: string;
  /** The message with the button; null elsewhere. */
  readonly message: { readonly channel: string; readonly ts: string } | null;
  /** On the Home tab, which is to be shown anew. */
  readonly home: boolean;
}

/** @throws ValiError when it is no click on a button */
export function readClick(body: unknown): Click {
  const click = v.parse(clickSchema, body);
  const user = click.user.id;
  // Where there is no channel, the answer goes to the person directly.
  const channel = click.channel?.id ?? user;
  const ts = click.message?.ts ?? click.container?.message_ts;
  return {
    asker: {
      user,
      channel,
      thread: click.message?.thread_ts ?? click.container?.thread_ts ?? null,
      responseUrl: click.response_url ?? null,
    },
    trigger: click.trigger_id ?? "",
    value: click.actions[0].value ?? "",
    message: ts && click.channel ? { channel: click.channel.id, ts } : null,
    home: click.view?.type === "home",
  };
}
