import { newId, type SenderId } from "@openmates-share/protocol/wire";
import { expect, test } from "vitest";
import { Claims } from "./namesakes.ts";

const [owner, ada, eve, bo] = [newId<SenderId>(), newId<SenderId>(), newId<SenderId>(), newId<SenderId>()];

test("H4: a name that one person bears tells nobody apart", () => {
  const claims = new Claims();
  claims.note(ada, "Ada", 1);
  claims.note(ada, "Ada", 9);
  claims.note(bo, "Bo", 2);
  expect(claims.namesakes(owner, null).of(ada, "Ada")).toBeNull();
});

test("H4: who bore a name first is the first, in whatever order that is learned and however it is spelled", () => {
  const claims = new Claims();
  claims.note(eve, "Аda", 7);
  claims.note(ada, "Ada", 8);
  claims.note(ada, "Ada", 3);
  const namesakes = claims.namesakes(owner, "Owner");
  expect(namesakes.of(ada, "Ada")).toEqual({ place: 1, all: [ada, eve] });
  expect(namesakes.of(eve, "Аda")).toEqual({ place: 2, all: [ada, eve] });
  expect(namesakes.of(bo, "Ada")).toBeNull();
});

test("H4: the owner is the first of a name, though others bore it earlier", () => {
  const claims = new Claims();
  claims.note(eve, "Ada", 1);
  claims.note(owner, "Ada", 5);
  expect(claims.namesakes(owner, "Ada").of(owner, "ada")).toEqual({ place: 1, all: [owner, eve] });
  expect(claims.namesakes(owner, "Ada").of(eve, "Ada")).toMatchObject({ place: 2 });
});

test("H4: names that the owner brought in take nobody's name away", () => {
  const claims = new Claims();
  claims.note(owner, "Bo", 1);
  claims.note(bo, "Bo", 5);
  expect(claims.namesakes(owner, "Ada").of(bo, "Bo")).toBeNull();
});

test("H4: who takes another name keeps a place among those who bore the old one", () => {
  const claims = new Claims();
  claims.note(ada, "Ada", 1);
  claims.note(eve, "Eve", 2);
  const before = claims.namesakes(owner, null);
  expect(claims.namesakes(owner, null)).toBe(before);
  claims.note(ada, "Countess", 3);
  claims.note(eve, "Ada", 4);
  expect(claims.namesakes(owner, null)).not.toBe(before);
  expect(claims.namesakes(owner, null).of(eve, "Ada")).toMatchObject({ place: 2 });
});
