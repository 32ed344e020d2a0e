import { createIdentity } from "@openmates-share/protocol/crypto";
import { type ChatId, type EmbedId, type LinkId, newId } from "@openmates-share/protocol/wire";
import { describe, expect, it } from "vitest";
import { type ChatRecord, Keyring } from "./keyring.ts";
import { exportKeyring, importKeyring } from "./keyring-file.ts";
import { mergeKeyrings, packKeyring, readKeyring, takeKeyring, unpackKeyring } from "./keyring-merge.ts";
import { memoryStore } from "./memory-store.ts";
import { pack } from "./msgpack.ts";

const bytes = (fill: number) => new Uint8Array(32).fill(fill);

function record(changes: Partial<ChatRecord> = {}): ChatRecord {
  return {
    chat: newId<ChatId>(),
    title: "Lab notes",
    owner: true,
    ownerKey: bytes(9),
    mate: bytes(8),
    openedAt: 1,
    cameBy: null,
    keys: [{ epoch: 1, raw: bytes(1) }],
    made: [],
    seen: { seq: 1, head: bytes(5) },
    name: null,
    ...changes,
  };
}

async function holding(...records: readonly ChatRecord[]): Promise<Keyring> {
  const keyring = new Keyring(memoryStore());
  for (const one of records) await keyring.updateChat(one.chat, () => one);
  return keyring;
}

const held = (fill: number) => ({ link: newId<LinkId>(), linkKey: bytes(fill), wrapKey: bytes(fill) });

describe("merging", () => {
  it("Y6: gives everything of both", async () => {
    const [a, b] = [record(), record()];
    const shared = newId<ChatId>();
    const [one, two] = [held(1), held(2)];
    const ours = await readKeyring(
      await holding(a, record({ chat: shared, made: [one], title: "Old", openedAt: 1, name: "Ada" })),
    );
    const more = {
      keys: [
        { epoch: 1, raw: bytes(1) },
        { epoch: 2, raw: bytes(2) },
      ],
      seen: { seq: 7, head: bytes(6) },
    };
    const theirs = await readKeyring(
      await holding(b, record({ chat: shared, made: [two], title: "New", openedAt: 5, ...more })),
    );
    for (const { body, conflicts } of [mergeKeyrings(ours, theirs), mergeKeyrings(theirs, ours)]) {
      expect(conflicts).toEqual([]);
      expect(body.chats.map(({ chat }) => chat).sort()).toEqual([a.chat, b.chat, shared].sort());
      expect(body.identities).toHaveLength(2);
      const merged = body.chats.find(({ chat }) => chat === shared);
      expect(merged).toMatchObject({ title: "New", openedAt: 5, name: "Ada", ...more });
      expect(merged?.made.map(({ link }) => link).sort()).toEqual([one.link, two.link].sort());
    }
  });

  it("H8: believes who has heard of the last succession, whoever asks", async () => {
    const chat = newId<ChatId>();
    const given = new Uint8Array(297).fill(7);
    const own = held(4);
    const link = { ...own, mode: "collaborative" as const };
    const knows = record({ chat, owner: false, cameBy: link, successions: given, openedAt: 1 });
    const stale = record({ chat, owner: true, made: [own], openedAt: 9 });
    const [ours, theirs] = [await readKeyring(await holding(knows)), await readKeyring(await holding(stale))];
    for (const { body, conflicts } of [mergeKeyrings(ours, theirs), mergeKeyrings(theirs, ours)]) {
      expect(conflicts).toEqual([]);
      expect(body.chats).toMatchObject([{ owner: false, cameBy: link, successions: given }]);
    }
    const [writesAs, made] = [bytes(5), [own]];
    const heir = await readKeyring(await holding(record({ chat, owner: true, made, writesAs, successions: given })));
    const before = await readKeyring(await holding(record({ chat, owner: false, cameBy: link, writesAs })));
    for (const { body } of [mergeKeyrings(heir, before), mergeKeyrings(before, heir)]) {
      expect(body.chats).toMatchObject([{ owner: true, cameBy: null, writesAs, successions: given }]);
    }
  });

  it.each([
    ["another owner by its successions", { successions: new Uint8Array(297).fill(2) }],
    ["another key for an epoch", { keys: [{ epoch: 1, raw: bytes(2) }] }],
    ["another owner", { ownerKey: bytes(3) }],
    ["another key for a link", { made: [{ ...held(2), link: "AAAAAAAAAAAAAAAAAAAAAA" as LinkId }] }],
  ])("Y6: keeps its own and says so when the other has %s", async (_, changes) => {
    const made = [{ ...held(1), link: "AAAAAAAAAAAAAAAAAAAAAA" as LinkId }];
    const mine = record({ made, successions: new Uint8Array(297).fill(1) });
    const keyring = await holding(mine);
    const theirs = await readKeyring(await holding(record({ ...mine, ...changes })));
    const merged = mergeKeyrings(await readKeyring(keyring), theirs);
    expect(merged.conflicts).toEqual([mine.chat]);
    await takeKeyring(keyring, merged);
    expect(await keyring.chat(mine.chat)).toMatchObject({ ownerKey: mine.ownerKey, keys: mine.keys, made });
  });

  it("forgets what was forgotten on the other device, unless it was opened again since", async () => {
    const [gone, back] = [record({ openedAt: 1 }), record({ openedAt: Date.now() + 60_000 })];
    const keyring = await holding(gone, back);
    const other = await holding(gone, back);
    await other.forget(gone.chat);
    await other.forget(back.chat);
    await takeKeyring(keyring, mergeKeyrings(await readKeyring(keyring), await readKeyring(other)));
    expect((await keyring.records()).map(({ chat }) => chat)).toEqual([back.chat]);
  });

  it("lets a device write as who wrote on the other one", async () => {
    const identity = await createIdentity();
    const own = record({ ownerKey: identity.stored.publicKey });
    const keyring = await holding();
    const body = { identities: [identity.stored], chats: [own], embeds: [], forgotten: [] };
    await takeKeyring(keyring, mergeKeyrings(await readKeyring(keyring), body));
    expect((await keyring.identityOf(await keyring.requireChat(own.chat))).sender).toBe(identity.identity.sender);
    expect((await keyring.identity()).sender).not.toBe(identity.identity.sender);
  });

  it("Y6: takes embeds along, and keeps its own key of one", async () => {
    const embed = { embed: newId<EmbedId>(), key: bytes(1), ownerKey: bytes(2), owner: true, chat: null, type: "file" };
    const whole = { ...embed, name: "notes.pdf", size: 3, openedAt: 1, cameBy: null, made: [held(1)] };
    const [keyring, other] = [await holding(), await holding()];
    await other.embeds.update(whole.embed, () => whole);
    await takeKeyring(keyring, mergeKeyrings(await readKeyring(keyring), await readKeyring(other)));
    expect(await keyring.embeds.get(whole.embed)).toEqual(whole);
    const lying = await readKeyring(await holding());
    const merged = mergeKeyrings(await readKeyring(keyring), { ...lying, embeds: [{ ...whole, key: bytes(3) }] });
    expect(merged.conflicts).toEqual([whole.embed]);
    await takeKeyring(keyring, merged);
    expect(await keyring.embeds.get(whole.embed)).toEqual(whole);
  });

  it("leaves out chats that are still being uploaded", async () => {
    expect((await readKeyring(await holding(record({ seen: null })))).chats).toEqual([]);
  });

  it("ends with the same bytes whatever the order", async () => {
    const [a, b] = [record(), record()];
    const [ours, theirs] = [await readKeyring(await holding(a)), await readKeyring(await holding(b))];
    const one = packKeyring(mergeKeyrings(ours, theirs).body);
    const other = packKeyring(mergeKeyrings(theirs, ours).body);
    expect(one).toEqual(other);
  });

  it.each([
    [new Uint8Array(0), "malformed"],
    [pack({ version: 1, identities: [], chats: [{}], embeds: [], forgotten: [] }), "malformed"],
    [pack({ version: 2 }), "unsupported_version"],
  ])("refuses what is no keyring", (body, code) => {
    expect(() => unpackKeyring(body)).toThrow(expect.objectContaining({ code }));
  });
});

describe("a file of keys", () => {
  it("brings keys to another device, also those that were forgotten there, and replaces none", async () => {
    const one = record();
    const sealed = await exportKeyring(await holding(one), "correct horse");
    const other = await holding();
    expect(await importKeyring(other, { sealed, passphrase: "correct horse" })).toEqual({ added: 1, conflicts: [] });
    await other.forget(one.chat);
    expect(await importKeyring(other, { sealed, passphrase: "correct horse" })).toEqual({ added: 1, conflicts: [] });
    expect(await other.chat(one.chat)).toMatchObject({ keys: one.keys });

    const holder = await holding(record({ ...one, keys: [{ epoch: 1, raw: bytes(7) }] }));
    const report = await importKeyring(holder, { sealed, passphrase: "correct horse" });
    expect(report).toEqual({ added: 0, conflicts: [one.chat] });
    expect(await holder.chat(one.chat)).toMatchObject({ keys: [{ epoch: 1, raw: bytes(7) }] });
  });

  it("opens with its passphrase alone, and nothing else is taken for one", async () => {
    const keyring = await holding(record());
    const sealed = await exportKeyring(keyring, "correct horse");
    const open = (passphrase: string, file = sealed) => importKeyring(keyring, { sealed: file, passphrase });
    await expect(open("Correct horse")).rejects.toMatchObject({ code: "unable_to_decrypt" });
    await expect(open("correct horse", new Uint8Array(100))).rejects.toMatchObject({ code: "malformed" });
    await expect(exportKeyring(keyring, "")).rejects.toMatchObject({ code: "bad_request" });
  });
});
