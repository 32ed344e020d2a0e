import { readFileSync } from "node:fs";
import { type LinkId, newId, type SenderId } from "@openmates-share/protocol/wire";
import { describe, expect, test } from "vitest";
import type { AccountId } from "../accounts/account-id.ts";
import {
  type Access,
  type AccessFacts,
  accessTo,
  isAlive,
  type LinkFacts,
  type MemberFacts,
  type ShownLinkFacts,
  shownBy,
} from "./access.ts";

const NOW = 1_000_000;
const owner = newId() as string as AccountId;
const somebody = newId() as string as AccountId;
const chat = { owner, ownerSender: newId<SenderId>(), lastSeq: 10, sharedThrough: 4, closed: false };
const closed = { ...chat, closed: true };
const alive: LinkFacts = { link: newId<LinkId>(), mode: "read-only", expiresAt: null, revokedAt: null };
const nothing: AccessFacts = { chat, account: null, member: null, link: null, now: NOW };

const open = {
  audience: "public",
  grantedTo: null,
  addressProven: false,
  viewLimit: null,
  views: 0,
  ticket: false,
} as const;
const readOnly: ShownLinkFacts = { ...alive, ...open, proven: true };
const collaborative = { ...readOnly, mode: "collaborative" } as const;
const member: MemberFacts = { sender: newId<SenderId>(), removedAt: null, by: { ...alive, mode: "collaborative" } };

type Expected = Pick<Access, "role" | "readThrough" | "mayWrite" | "mayManage"> | "view_required" | "not_found";
const OWNER = { role: "owner", readThrough: 10, mayWrite: true, mayManage: true } as const;
const MEMBER = { role: "member", readThrough: 10, mayWrite: true, mayManage: false } as const;
const SILENT = { role: "member", readThrough: 10, mayWrite: false, mayManage: false } as const;
const READER = { role: "reader", readThrough: 4, mayWrite: false, mayManage: false } as const;
const GUEST = { role: "reader", readThrough: 10, mayWrite: false, mayManage: false } as const;

const removed: MemberFacts = { ...member, removedAt: 1 };
const anotherLink: ShownLinkFacts = { ...collaborative, link: newId<LinkId>() };
const sameLink: ShownLinkFacts = { ...collaborative, ...member.by };
const stranger = newId() as string as AccountId;
const named: ShownLinkFacts = { ...readOnly, audience: "named" };
const limited: ShownLinkFacts = { ...readOnly, viewLimit: 2, views: 1 };

const table: readonly (readonly [string, Partial<AccessFacts>, Expected])[] = [
  ["nobody, with nothing", {}, "not_found"],
  ["an account that has nothing to do with it", { account: somebody }, "not_found"],
  ["the owner of a chat that is gone", { chat: null, account: owner }, "not_found"],
  ["a member of a chat that is gone", { chat: null, account: somebody, member }, "not_found"],
  ["a good link to a chat that is gone", { chat: null, link: readOnly }, "not_found"],

  ["the owner", { account: owner }, OWNER],
  ["the owner with a read-only link", { account: owner, link: readOnly }, OWNER],
  ["the owner with a dead link", { account: owner, link: { ...readOnly, revokedAt: 1 } }, OWNER],

  ["a read-only link", { link: readOnly }, READER],
  ["a read-only link and some account", { account: somebody, link: readOnly }, READER],
  ["a read-only link with the wrong token", { link: { ...readOnly, proven: false } }, "not_found"],
  ["a read-only link, revoked", { link: { ...readOnly, revokedAt: NOW - 1 } }, "not_found"],
  ["a read-only link, a moment before it expires", { link: { ...readOnly, expiresAt: NOW + 1 } }, READER],
  ["a read-only link, at the moment it expires", { link: { ...readOnly, expiresAt: NOW } }, "not_found"],
  ["a read-only link, expired and revoked", { link: { ...readOnly, expiresAt: 1, revokedAt: 1 } }, "not_found"],

  ["a collaborative link, before joining", { link: collaborative }, GUEST],
  ["a collaborative link with the wrong token", { link: { ...collaborative, proven: false } }, "not_found"],
  ["a collaborative link, revoked", { link: { ...collaborative, revokedAt: 1 } }, "not_found"],
  ["a collaborative link, expired", { link: { ...collaborative, expiresAt: NOW } }, "not_found"],

  ["a member", { account: somebody, member }, MEMBER],
  ["a member with the link", { account: somebody, member, link: collaborative }, MEMBER],
  ["a member with a read-only link", { account: somebody, member, link: readOnly }, MEMBER],
  ["a member with a wrong token", { account: somebody, member, link: { ...readOnly, proven: false } }, MEMBER],
  ["a member of a chat that is closed to writing", { chat: closed, account: somebody, member }, SILENT],
  ["the owner of a chat that is closed to writing", { chat: closed, account: owner }, OWNER],
  ["a collaborative link to a chat that is closed to writing", { chat: closed, link: collaborative }, GUEST],
  ["a read-only link to a chat that is closed to writing", { chat: closed, link: readOnly }, READER],
  ["a member who was removed from a closed chat", { chat: closed, account: somebody, member: removed }, "not_found"],
  ["a membership without its account", { account: null, member }, "not_found"],
  ["a member who was removed", { account: somebody, member: { ...member, removedAt: 1 } }, "not_found"],
  [
    "a member who was removed, with another read-only link",
    { account: somebody, member: { ...member, removedAt: 1 }, link: { ...readOnly, link: anotherLink.link } },
    READER,
  ],
  [
    "a member who was removed, with another collaborative link",
    { account: somebody, member: { ...member, removedAt: 1 }, link: anotherLink },
    GUEST,
  ],
  ["a member who was removed, with the same link", { account: somebody, member: removed, link: sameLink }, "not_found"],
  ["the same link without that account", { account: null, link: sameLink }, GUEST],

  ["a named link, nobody signed in", { link: named }, "not_found"],
  ["a named link, another account", { account: somebody, link: named }, "not_found"],
  [
    "a named link, the account that proved the address",
    { account: somebody, link: { ...named, addressProven: true } },
    READER,
  ],
  [
    "a named link, its account after the address went",
    { account: somebody, link: { ...named, grantedTo: somebody } },
    READER,
  ],
  [
    "a named link, a later account with the same address",
    { account: stranger, link: { ...named, grantedTo: somebody, addressProven: true } },
    "not_found",
  ],
  ["a named link, the owner", { account: owner, link: named }, OWNER],

  ["a limited link, not counted yet", { link: limited }, "view_required"],
  ["a limited link, counted", { link: { ...limited, ticket: true } }, READER],
  ["a limited link, full", { link: { ...limited, views: 2 } }, "not_found"],
  ["a limited link, full, one of those who were counted", { link: { ...limited, views: 2, ticket: true } }, READER],
  ["a limited link with the wrong token", { link: { ...limited, proven: false } }, "not_found"],
  ["a limited link, revoked, counted", { link: { ...limited, ticket: true, revokedAt: 1 } }, "not_found"],
  ["a limited link, expired, counted", { link: { ...limited, ticket: true, expiresAt: NOW } }, "not_found"],
  [
    "a limited and named link in other hands",
    { account: somebody, link: { ...limited, audience: "named" } },
    "not_found",
  ],

  [
    "a member whose link was revoked",
    { account: somebody, member: { ...member, by: { ...member.by, revokedAt: 1 } } },
    "not_found",
  ],
  [
    "a member whose link has expired",
    { account: somebody, member: { ...member, by: { ...member.by, expiresAt: NOW } } },
    "not_found",
  ],
  [
    "a member by a link that only lets read",
    { account: somebody, member: { ...member, by: { ...member.by, mode: "read-only" } } },
    "not_found",
  ],
];

describe("R4 accessTo", () => {
  test.each(table)("%s", (_who, facts, expected) => {
    const access = accessTo({ ...nothing, ...facts });
    if (typeof expected === "string") expect(access).toBe(expected);
    else expect(access).toMatchObject(expected);
  });

  test("docs/access.md says what the table says", () => {
    const docs = readFileSync(new URL("../../../docs/access.md", import.meta.url), "utf8");
    for (const row of table.map(asRow)) expect(docs).toContain(row);
    expect(docs.slice(docs.indexOf("| who shows what")).match(/^\|.*\|$/gm)).toHaveLength(table.length + 2);
  });

  test("is what a list of conditions says, for everything that can come together", () => {
    const wrong = [...allFacts()].filter((facts) => outcome(accessTo(facts)) !== expectedOf(facts));
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test("never lets anybody but the owner and members write, whatever comes together", () => {
    const links = [
      null,
      ...allLinks().flatMap((link) => [true, false].map((proven) => ({ ...link, ...open, proven }))),
    ];
    const members = [null, ...allLinks().flatMap((by) => [null, 1].map((removedAt) => ({ ...member, by, removedAt })))];
    for (const account of [null, owner, somebody]) {
      for (const link of links) {
        for (const [joined, at] of members.flatMap((one) => [chat, closed].map((facts) => [one, facts] as const))) {
          const access = accessTo({ ...nothing, chat: at, account, link, member: joined });
          if (access === "not_found" || access === "view_required") continue;
          const joinedWell =
            joined?.removedAt === null && joined.by.mode === "collaborative" && isAlive(joined.by, NOW);
          expect(access.mayManage).toBe(account === owner);
          const takesPart = account === owner || (account === somebody && joinedWell);
          expect(access.mayWrite).toBe(takesPart && (account === owner || !at.closed));
          expect(access.sender !== null).toBe(takesPart);
          expect(access.shown !== null).toBe(link?.proven === true && isAlive(link, NOW));
        }
      }
    }
  });

  test("names the link that access hangs on, and the one shown", () => {
    const other = { ...readOnly, link: newId<LinkId>() };
    const access = accessTo({ ...nothing, account: somebody, member, link: other });
    expect(access).toMatchObject({ link: member.by.link, linkMode: "collaborative", shown: other.link });
    expect(accessTo({ ...nothing, account: owner, link: other })).toMatchObject({ link: null, linkMode: null });
  });
});

describe("R4 what a link tells whoever shows it", () => {
  const READ_ONLY = { mode: "read-only", expiresAt: null, readThrough: 4 };
  const COLLABORATIVE = { mode: "collaborative", expiresAt: null, readThrough: 10 };
  const full: ShownLinkFacts = { ...limited, views: 2 };
  const telling: readonly (readonly [string, Partial<AccessFacts>, object | null])[] = [
    ["nobody, with nothing", {}, null],
    ["the owner, without a link", { account: owner }, null],
    ["a member, without a link", { account: somebody, member }, null],
    ["a good link to a chat that is gone", { chat: null, link: readOnly }, null],
    ["a read-only link", { link: readOnly }, READ_ONLY],
    ["a collaborative link", { link: collaborative }, COLLABORATIVE],
    ["a member with a read-only link", { account: somebody, member, link: readOnly }, READ_ONLY],
    ["a link that ends", { link: { ...readOnly, expiresAt: NOW + 1 } }, { ...READ_ONLY, expiresAt: NOW + 1 }],
    ["a link that has ended", { link: { ...readOnly, expiresAt: NOW } }, null],
    ["the owner with a dead link", { account: owner, link: { ...readOnly, revokedAt: 1 } }, null],
    ["a link with the wrong token", { link: { ...readOnly, proven: false } }, null],
    ["a limited link, not counted yet", { link: limited }, READ_ONLY],
    ["a limited link, full", { link: full }, null],
    ["a limited link, full, one of those who were counted", { link: { ...full, ticket: true } }, READ_ONLY],
    ["a named link, nobody signed in", { link: named }, null],
    ["a named link, its account", { account: somebody, link: { ...named, grantedTo: somebody } }, READ_ONLY],
  ];

  test.each(telling)("%s", (_who, facts, expected) => {
    expect(shownBy({ ...nothing, ...facts })).toEqual(expected);
  });

  test("is never told where access is refused, whatever comes together", () => {
    for (const facts of allFacts()) {
      if (accessTo(facts) === "not_found") expect(shownBy(facts)).toBeNull();
    }
  });
});

const MEANING = {
  owner: "everything",
  member: "reads everything, writes",
  silent: "reads everything",
  GUEST: "reads everything, may join",
} as const;

/** A row as the page in the documentation has it. */
function asRow([who, , expected]: (typeof table)[number]): string {
  if (typeof expected === "string") return `| ${who} | \`${expected}\` |`;
  const { role, readThrough, mayWrite } = expected;
  if (role === "member" && !mayWrite) return `| ${who} | ${MEANING.silent} |`;
  const meaning = role === "reader" ? (readThrough === 4 ? "reads the shared part" : MEANING.GUEST) : MEANING[role];
  return `| ${who} | ${meaning} |`;
}

function outcome(access: ReturnType<typeof accessTo>): string {
  return typeof access === "string" ? access : `${access.role} through ${access.readThrough}`;
}

/** The same rule once more, as conditions that each decide alone. */
function expectedOf({ account, member: joined, link }: AccessFacts): string {
  const good = (one: LinkFacts) => one.revokedAt === null && (one.expiresAt ?? Number.POSITIVE_INFINITY) > NOW;
  if (account === owner) return "owner through 10";
  if (account && joined && !joined.removedAt && joined.by.mode === "collaborative" && good(joined.by)) {
    return "member through 10";
  }
  const reasonsAgainst = [
    !link,
    !link?.proven,
    link && !good(link),
    account && joined?.removedAt && joined.by.link === link?.link,
    link?.audience === "named" && !account,
    link?.audience === "named" && link.grantedTo && link.grantedTo !== account,
    link?.audience === "named" && !link.grantedTo && !link.addressProven,
    link?.viewLimit && !link.ticket && link.views >= link.viewLimit,
  ];
  if (reasonsAgainst.some(Boolean)) return "not_found";
  if (link?.viewLimit && !link.ticket) return "view_required";
  return link?.mode === "collaborative" ? "reader through 10" : "reader through 4";
}

/** Accounts × members × links, with every way a link can be. */
function* allFacts(): Generator<AccessFacts> {
  const flags = [true, false];
  const grants = [null, somebody];
  const members = [null, member, removed, { ...member, by: { ...member.by, revokedAt: 1 } }];
  const shown = allLinks().flatMap((link) =>
    flags.flatMap((proven) =>
      (["public", "named"] as const).flatMap((audience) =>
        grants.flatMap((grantedTo) =>
          flags.flatMap((addressProven) =>
            [null, 2].flatMap((viewLimit) =>
              [1, 2].flatMap((views) =>
                flags.flatMap((ticket) =>
                  [link.link, member.by.link].map((id) => ({
                    ...{ ...link, link: id, proven, audience, grantedTo, addressProven, viewLimit, views, ticket },
                  })),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  );
  for (const account of [null, owner, somebody, stranger]) {
    for (const joined of members) {
      for (const link of [null, ...shown]) yield { ...nothing, account, member: joined, link };
    }
  }
}

function allLinks(): readonly LinkFacts[] {
  const modes = ["read-only", "collaborative"] as const;
  return modes.flatMap((mode) =>
    [null, 1].flatMap((revokedAt) =>
      [null, NOW, NOW + 1].map((expiresAt) => ({ ...alive, mode, revokedAt, expiresAt })),
    ),
  );
}
