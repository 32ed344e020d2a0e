import { CARD_CHECK_MS, type CardSpot, type CardStore, type KeptCard } from "./card-store.ts";

export function memoryCards(now: () => number): CardStore {
  const cards = new Map<string, { card: KeptCard; checked: number }>();
  const keyOf = ({ team, channel, ts, subject }: CardSpot) => JSON.stringify([team, channel, ts, subject]);
  return {
    async keep(card) {
      cards.set(keyOf(card), { card, checked: now() });
    },
    async of({ team, subject }) {
      return [...cards.values()]
        .map(({ card }) => card)
        .filter((card) => card.team === team && card.subject === subject);
    },
    async due(limit) {
      const due = [...cards.values()].filter(({ checked }) => checked <= now() - CARD_CHECK_MS).slice(0, limit);
      for (const { card } of due) cards.set(keyOf(card), { card, checked: now() });
      return due.map(({ card }) => card);
    },
    async drop(spot) {
      cards.delete(keyOf(spot));
    },
    async dropTeam(team) {
      for (const [key, { card }] of cards) if (card.team === team) cards.delete(key);
    },
    async moveChannel({ team, from, to }) {
      for (const [key, { card, checked }] of [...cards]) {
        if (card.team !== team || card.channel !== from) continue;
        const moved = { ...card, channel: to };
        cards.delete(key);
        cards.set(keyOf(moved), { card: moved, checked });
      }
    },
  };
}
