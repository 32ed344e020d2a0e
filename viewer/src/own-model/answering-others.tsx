import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useSession } from "../app/session.ts";
import type { RoomModel } from "../chat/room-model.ts";

/** While a chat is open in which one's own model answers others, it does. Shows nothing. */
export function AnsweringOthers({ model }: { model: RoomModel }) {
  const { client } = useSession();
  const settings = model.choice.ownSettings.value;
  const offered = useComputed(() => model.people.value.find(({ sender }) => sender === model.me)?.model ?? null).value;
  useEffect(() => {
    if (offered !== null) model.choice.load(client).catch(reportError);
  }, [client, model, offered]);
  useEffect(() => {
    if (offered === null || !settings) return;
    let ended = false;
    let stop: (() => void) | null = null;
    const begin = async () => {
      const answering = await model.room.answerOthers(await model.modelOf(settings));
      if (ended) answering.stop();
      else stop = () => answering.stop();
    };
    begin().catch(reportError);
    return () => {
      ended = true;
      stop?.();
    };
  }, [model, offered, settings]);
  return null;
}
