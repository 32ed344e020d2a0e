import { type LinkId, newId } from "@openmates-share/protocol/wire";
import { describe, expect, test } from "vitest";
import type { Access } from "../access/access.ts";
import type { AccountId } from "../accounts/account-id.ts";
import { accessToEmbed, type EmbedAccessFacts } from "./embed-access.ts";

const NOW = 1_000_000;
const owner = newId() as string as AccountId;
const somebody = newId() as string as AccountId;
const embed = { owner, complete: true, inChat: false };
const ofChat = { ...embed, inChat: true };
const half = { ...embed, complete: false };
const link = { link: newId<LinkId>(), expiresAt: null, revokedAt: null, proven: true };
const nothing: EmbedAccessFacts = { embed, account: null, link: null, chat: "not_found", now: NOW };

/** Of a chat's access an embed asks only whether there is any, whether it is the owner's, and who writes. */
const inChat = (mayManage: boolean) => ({ mayManage }) as Access;
const writes = (mayWrite: boolean, role: Access["role"] = "member") => ({ mayManage: false, mayWrite, role }) as Access;

const OWNER = { role: "owner", mayManage: true, mayErase: true } as const;
const READER = { role: "reader", mayManage: false, mayErase: false } as const;
const CHAT_OWNER = { role: "reader", mayManage: false, mayErase: true } as const;

const table: readonly (readonly [string, Partial<EmbedAccessFacts>, object | "not_found"])[] = [
  ["nobody, with nothing", {}, "not_found"],
  ["an account that has nothing to do with it", { account: somebody }, "not_found"],
  ["a good link to an embed that is gone", { embed: null, link }, "not_found"],
  ["the owner of an embed that is gone", { embed: null, account: owner }, "not_found"],
  ["the owner of the chat of an embed that is gone", { embed: null, chat: inChat(true) }, "not_found"],

  ["its owner", { account: owner }, OWNER],
  ["its owner, while it is being uploaded", { embed: half, account: owner }, OWNER],
  ["its owner with a dead link", { account: owner, link: { ...link, revokedAt: 1 } }, OWNER],
  ["its owner, who was removed from the chat", { account: owner, chat: "not_found" }, OWNER],

  ["its link", { link }, READER],
  ["its link, while it is being uploaded", { embed: half, link }, "not_found"],
  ["its link with the wrong token", { link: { ...link, proven: false } }, "not_found"],
  ["its link, revoked", { link: { ...link, revokedAt: NOW - 1 } }, "not_found"],
  ["its link, a moment before it expires", { link: { ...link, expiresAt: NOW + 1 } }, READER],
  ["its link, at the moment it expires", { link: { ...link, expiresAt: NOW } }, "not_found"],

  ["a reader of its chat", { chat: inChat(false) }, READER],
  ["a reader of its chat, while it is being uploaded", { embed: half, chat: inChat(false) }, "not_found"],
  [
    "a reader of its chat with a dead link of the embed",
    { chat: inChat(false), link: { ...link, revokedAt: 1 } },
    READER,
  ],
  ["the owner of its chat, though not its own", { account: somebody, chat: inChat(true) }, CHAT_OWNER],
  [
    "the owner of its chat, while somebody uploads it",
    { embed: half, account: somebody, chat: inChat(true) },
    "not_found",
  ],
];

const uploads: readonly (readonly [string, Partial<EmbedAccessFacts>, "yes" | "chat_closed" | "no"])[] = [
  ["its owner, on its own", { account: owner }, "yes"],
  ["its owner, who writes in its chat", { account: owner, embed: ofChat, chat: writes(true) }, "yes"],
  [
    "its owner, in a chat that is closed to writing",
    { account: owner, embed: ofChat, chat: writes(false) },
    "chat_closed",
  ],
  [
    "its owner, who only reads in its chat by now",
    { account: owner, embed: ofChat, chat: writes(false, "reader") },
    "no",
  ],
  ["its owner, who was removed from its chat", { account: owner, embed: ofChat }, "no"],
  ["somebody else who writes in its chat", { account: somebody, embed: ofChat, chat: writes(true) }, "no"],
];

describe("R4 uploading into an embed", () => {
  test.each(uploads)("%s", (_who, facts, upload) => {
    expect(accessToEmbed({ ...nothing, ...facts })).toMatchObject({ upload });
  });
});

describe("R4 accessToEmbed", () => {
  test.each(table)("%s", (_who, facts, expected) => {
    const access = accessToEmbed({ ...nothing, ...facts });
    if (expected === "not_found") expect(access).toBe("not_found");
    else expect(access).toMatchObject(expected);
  });

  test("tells when access ends by itself: with the link, with the chat, or with the later of the two", () => {
    const ending = { ...link, expiresAt: NOW + 5 };
    const readsUntil = (until: number | null) => ({ ...inChat(false), until });
    const cases: readonly (readonly [Partial<EmbedAccessFacts>, number | null])[] = [
      [{ link }, null],
      [{ link: ending }, NOW + 5],
      [{ chat: readsUntil(NOW + 9) }, NOW + 9],
      [{ link: ending, chat: readsUntil(NOW + 9) }, NOW + 9],
      [{ link: ending, chat: readsUntil(null) }, null],
      [{ link: { ...ending, revokedAt: 1 }, chat: readsUntil(NOW + 2) }, NOW + 2],
      [{ account: owner, link: ending }, null],
    ];
    for (const [facts, until] of cases) expect(accessToEmbed({ ...nothing, ...facts })).toMatchObject({ until });
  });

  test("hands out a wrapped key for a link that is shown and good, and for nothing else", () => {
    expect(accessToEmbed({ ...nothing, link })).toMatchObject({ shown: link.link });
    expect(accessToEmbed({ ...nothing, account: owner, link })).toMatchObject({ shown: link.link });
    const dead = { ...link, expiresAt: 1 };
    expect(accessToEmbed({ ...nothing, account: owner, link: dead })).toMatchObject({ shown: null });
    expect(accessToEmbed({ ...nothing, chat: inChat(false), link: dead })).toMatchObject({ shown: null });
  });
});
