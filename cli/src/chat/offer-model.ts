import type { OwnModel, Room } from "@openmates-share/client";

/** For the word that nobody answers any more to reach the others. Milliseconds. */
const LEAVING = 2_000;

/** Lets a model of one's own answer whoever asks it in a room, until `end`, which says so to the others. */
export function offerModel(room: Room, own: OwnModel): { readonly begun: Promise<void>; end(): Promise<void> } {
  let ended = false;
  let stop: (() => void) | null = null;
  const begin = async () => {
    const answering = await room.answerOthers(own);
    if (ended) return answering.stop();
    stop = () => answering.stop();
    await room.offerModel(own.name);
  };
  return {
    begun: begin(),
    async end() {
      ended = true;
      stop?.();
      const soon = new Promise<void>((resolve) => setTimeout(resolve, LEAVING).unref());
      await Promise.race([room.offerModel(null).catch(() => undefined), soon]);
    },
  };
}
