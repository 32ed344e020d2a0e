import type { Peer } from "./peer.ts";

/** What a kilobyte's message is in all measurements. Bytes. */
export const MESSAGE_BYTES = 1024;

/** With no delivery in a room from one look to the next, something got lost. Milliseconds between two looks. */
const PATIENCE = 30_000;

export interface Pressure {
  /** Messages in each room. */
  readonly messages: number;
  /** Of those, how many may be under way in a room at once. */
  readonly window: number;
  /** How many of a room's people write, in turn; all unless told. */
  readonly writers?: number;
}

/**
 * Has people write in all rooms at once, as fast as the window lets them. Resolves when everybody has got everything.
 * @returns how long that took, in seconds
 */
export async function press(rooms: readonly (readonly Peer[])[], pressure: Pressure): Promise<number> {
  const works = rooms.map((peers) => prepared(peers, pressure));
  const start = performance.now();
  await Promise.all(works.map((work) => work()));
  return (performance.now() - start) / 1000;
}

function prepared(peers: readonly Peer[], { messages, window, writers = peers.length }: Pressure): () => Promise<void> {
  const frames = Array.from({ length: messages }, (_, index) => {
    const writer = peers[index % writers] as Peer;
    return { writer, frame: writer.prepare({ size: MESSAGE_BYTES }) };
  });
  return () =>
    new Promise((resolve, reject) => {
      let sent = 0;
      let all = 0;
      let before = 0;
      // A busy machine may take long for all of them; lost is only what nothing comes of any more.
      const late = setInterval(() => {
        const isStill = all === before;
        before = all;
        if (!isStill) return;
        clearInterval(late);
        reject(new Error(`Of ${messages} messages for ${peers.length} people ${all} deliveries came.`));
      }, PATIENCE);
      const sendTo = (limit: number) => {
        for (; sent < messages && sent < limit; sent += 1) {
          const next = frames[sent];
          next?.writer.send(next.frame);
        }
      };
      for (const [index, peer] of peers.entries()) {
        let got = 0;
        peer.skim();
        peer.onMessages = (count) => {
          got += count;
          all += count;
          if (index === 0) sendTo(got + window);
          if (all < messages * peers.length) return;
          clearInterval(late);
          resolve();
        };
      }
      sendTo(window);
    });
}
