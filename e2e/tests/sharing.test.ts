import { launchBrowser, type Profile, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { codeIn, startMail, type TestMail } from "@openmates-share/testing/mail";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Axe } from "./axe.ts";
import { importConversation, joinAs, message, shareDraft, write } from "./steps.ts";

const CONVERSATION = {
  title: "Lighthouses of the north",
  turns: ["Which lighthouse is the *oldest*?", "The one of **Kopu**, first lit in 1531."],
};
const PASSWORD = "nine grey seals rest";
const NOT_FOUND = "Chat can't be found.";

let database: TestDatabase;
let mail: TestMail;
let server: ServerProcess;
let browser: TestBrowser;

beforeAll(async () => {
  [database, browser, mail] = await Promise.all([createTestDatabase(), launchBrowser(), startMail()]);
  server = await startServer({ databaseUrl: database.databaseUrl, env: mail.env });
});

afterAll(async () => {
  await browser?.stop();
  await server?.stop();
  await mail?.stop();
  await database?.stop();
});

async function someone(options: BrowserContextOptions = {}): Promise<{ profile: Profile; page: Page }> {
  const profile = await browser.profile({ reducedMotion: "reduce", ...options });
  return { profile, page: await profile.open(server.url) };
}

async function withDraft(options: BrowserContextOptions = {}) {
  const { profile, page } = await someone(options);
  await importConversation(page, CONVERSATION);
  return { profile, page };
}

async function reading(link: string): Promise<Page> {
  return (await browser.profile({ reducedMotion: "reduce" })).open(link);
}

async function openShare(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  return page.getByRole("dialog", { name: "Share this chat" });
}

async function openManage(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share", exact: true });
  await dialog.getByRole("button", { name: "New link" }).waitFor();
  return dialog;
}

async function unfold(dialog: Locator, what: string): Promise<void> {
  await dialog.locator("summary", { hasText: what }).click();
}

/** By the code in the mail, on the screen that everybody sees. */
async function signInThere(page: Page, email: string): Promise<void> {
  await page.getByText(NOT_FOUND).waitFor();
  await page.getByText("Was this shared with your e-mail address?").waitFor();
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("textbox", { name: "Your e-mail address" }).fill(email);
  await page.getByRole("button", { name: "Send me a code" }).click();
  const field = page.getByLabel("Six-digit code");
  await field.waitFor();
  await field.fill(codeIn(await mail.to(email)));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await field.waitFor({ state: "detached" });
}

async function accessible(page: Page): Promise<void> {
  expect(await new Axe(page).serious()).toEqual([]);
  const wider = await page.evaluate(() => {
    const boxes = [document.documentElement, ...document.querySelectorAll("dialog[open]")];
    return boxes.map((box) => box.scrollWidth - box.clientWidth);
  });
  expect(Math.max(...wider)).toBeLessThanOrEqual(0);
}

describe("sharing a draft", () => {
  it("takes two clicks for a public link to read", async () => {
    const { page } = await withDraft();
    const dialog = await openShare(page);
    expect(await dialog.getByLabel("Password (optional)").isVisible()).toBe(false);
    await dialog.getByRole("button", { name: "Create link" }).click();
    const done = page.getByRole("dialog", { name: "Your chat is shared" });
    await done.getByRole("img", { name: "QR code of the link" }).waitFor();
    const link = await done.getByLabel("Link", { exact: true }).inputValue();
    const href = (await done.getByRole("link", { name: "Write an e-mail" }).getAttribute("href")) ?? "";
    expect(decodeURIComponent(href)).toContain(link);
    await message(await reading(link), "first lit in 1531").waitFor();
  });

  it("takes every option, says what is weak or wrong, and shows the card exactly", async () => {
    const { page, profile } = await withDraft({ viewport: { width: 360, height: 740 }, colorScheme: "dark" });
    const dialog = await openShare(page);
    await unfold(dialog, "Password, expiry and limits");
    const password = dialog.getByLabel("Password (optional)");
    await password.fill("password1");
    await dialog.getByText("Weak: somebody who has the link would guess it.", { exact: false }).waitFor();
    await password.fill(PASSWORD);
    await dialog.getByText(/^(Fair|Strong)/).waitFor();
    await dialog.getByLabel("The link stops working").selectOption("On a day of my own…");
    await dialog.getByLabel("Day and time").fill("2020-01-01T12:00");
    await dialog.getByRole("button", { name: "Create link" }).click();
    await dialog.getByText("in an hour at the earliest").waitFor();
    await dialog.getByLabel("The link stops working").selectOption("After a year");
    await dialog.getByLabel("How many devices may open it").fill("none");
    await dialog.getByRole("button", { name: "Create link" }).click();
    await dialog.getByText("has to be a whole number").waitFor();
    await dialog.getByLabel("How many devices may open it").fill("2");
    await dialog.getByLabel("Name of the link (optional)").fill("The crew");
    await unfold(dialog, "Preview card");
    await dialog.getByText("The card only says that there is an encrypted chat.").waitFor();
    await dialog.getByRole("checkbox", { name: /^Show title and summary/ }).check();
    await dialog.getByText("The password does not protect the card.").waitFor();
    await dialog.getByLabel("Title on the card").fill("Light at sea");
    await dialog.getByRole("textbox", { name: "Summary" }).fill("Since 1531.");
    await dialog.getByLabel("Category").selectOption("History");
    const card = dialog.getByRole("figure");
    await card.getByText("Light at sea").waitFor();
    const image = await card.locator("img").getAttribute("src");
    await unfold(dialog, "Who can see what");
    await dialog.getByText("People with the link and the password to read").waitFor();
    await dialog.getByText("without the password it opens nothing").first().waitFor();
    await accessible(page);
    await dialog.getByRole("button", { name: "Create link" }).click();
    const done = page.getByRole("dialog", { name: "Your chat is shared" });
    const link = await done.getByLabel("Link", { exact: true }).inputValue();
    await accessible(page);
    await done.getByRole("button", { name: "Done" }).click();

    const { origin, pathname } = new URL(link);
    const html = await (await fetch(`${origin}${pathname}`)).text();
    for (const shown of ["Light at sea", "Since 1531.", `${image}`]) expect(html).toContain(shown);
    const manage = await openManage(page);
    await manage.getByText("The crew").first().waitFor();
    await manage.getByText(/0 of 2 devices · not opened yet/).waitFor();
    await accessible(page);
    expect(profile.complaints).toEqual([]);
  });

  it("says before anything else what a collaborative link shows, and keeps people from being taken for the mate", async () => {
    const { page } = await withDraft();
    const dialog = await openShare(page);
    await dialog.getByRole("radio", { name: /^Write together/ }).check();
    await dialog.getByText("all 2 messages of this chat, and everything that is written in it later").waitFor();
    await dialog.getByLabel("Your name in the chat").fill("OpenMates");
    await dialog.getByRole("button", { name: "Create link" }).click();
    await dialog.getByText("OpenMates is the assistant here.", { exact: false }).waitFor();
    await dialog.getByLabel("Your name in the chat").fill("Ada");
    await dialog.getByRole("button", { name: "Create link" }).click();
    const link = await page.getByLabel("Link", { exact: true }).inputValue();
    const bob = await reading(link);
    await bob.getByLabel("Your name").fill("Оpen-Mаtes");
    await bob.getByText("This name would be taken for OpenMates", { exact: false }).waitFor();
    expect(await bob.getByRole("button", { name: "Join chat" }).isDisabled()).toBe(true);
    await joinAs(bob, "Bob");
  });
});

describe("named people", () => {
  it("get a mail, prove their address on the one not-found screen, read, and lose access at once", async () => {
    const { page: owner } = await withDraft();
    const dialog = await openShare(owner);
    await dialog.getByRole("radio", { name: /^People I name/ }).check();
    await dialog.getByRole("button", { name: "Create link" }).click();
    await dialog.getByText("Please name at least one person").waitFor();
    const field = dialog.getByLabel("Their e-mail addresses");
    await field.fill("nobody");
    await field.press("Enter");
    await dialog.getByText("“nobody” is not an e-mail address.").waitFor();
    await field.fill("Grace <Grace@Example.org>, max@example.org;");
    await dialog.getByRole("button", { name: "Remove max@example.org" }).click();
    await field.fill("a.very.long.name.that.goes.on.and.on.for.a.while@a-long-department.of-a-long-university.example");
    await accessible(owner);
    await unfold(dialog, "Who can see what");
    await dialog.getByText("grace@example.org, with the link and a sign-in").waitFor();
    await dialog.getByRole("button", { name: "Create 2 links" }).click();

    const done = owner.getByRole("dialog", { name: "Your chat is shared" });
    await done.getByText("the link passes through this server, key included", { exact: false }).waitFor();
    await accessible(owner);
    await done.getByRole("button", { name: "Send the mail for me, to grace@example.org" }).click();
    await done.getByText("Mail sent", { exact: true }).waitFor();
    await done.getByRole("button", { name: "Done" }).click();
    const { text } = await mail.to("grace@example.org");
    const link = /https?:\/\/\S+#key=[\w-]{43}/.exec(text)?.[0] ?? "";
    expect(link).not.toBe("");

    const stranger = await reading(link);
    await signInThere(stranger, "eve@example.org");
    await stranger.getByText(NOT_FOUND).waitFor();
    await stranger.getByRole("button", { name: "Sign in" }).click();
    await stranger.getByText("You are signed in as eve@example.org", { exact: false }).waitFor();
    await accessible(stranger);

    const grace = await reading(link);
    await grace.getByText(NOT_FOUND).waitFor();
    await grace.reload();
    await signInThere(grace, "grace@example.org");
    await message(grace, "first lit in 1531").waitFor();

    const manage = await openManage(owner);
    await manage.getByText("One person, opened").waitFor();
    await accessible(owner);
    await manage.getByRole("button", { name: "Revoke link “grace@example.org”" }).click();
    await owner.getByRole("button", { name: "Revoke link", exact: true }).click();
    await grace.getByText(NOT_FOUND).waitFor();
    await grace.reload();
    await grace.getByText(NOT_FOUND).waitFor();
  });
});

describe("people who write", () => {
  it("are removed at once; with the link replaced they can't come back, and the others need the new one", async () => {
    const { page: owner } = await withDraft();
    const link = await shareDraft(owner, { together: true, name: "Ada" });
    const [bob, carol] = [await reading(link), await reading(link)];
    await joinAs(bob, "Bob");
    await joinAs(carol, "Carol");
    await owner.getByRole("list", { name: "Messages" }).getByText("Carol joined").waitFor();
    const manage = await openManage(owner);
    await manage.getByRole("button", { name: "Remove Bob" }).click();
    const removal = owner.getByRole("dialog", { name: "Remove Bob?" });
    await removal.getByText("can’t be taken back", { exact: false }).waitFor();
    await removal.getByRole("radio", { name: /^Replace the link/ }).check();
    await accessible(owner);
    await removal.getByRole("button", { name: "Remove and replace link" }).click();
    const replaced = owner.getByRole("dialog", { name: "Link to this chat" });
    await replaced.getByText("Carol came by the old one and needs it.", { exact: false }).waitFor();
    const fresh = await replaced.getByLabel("Link", { exact: true }).inputValue();
    expect(fresh).not.toBe(link);
    await bob.getByText(NOT_FOUND).waitFor();
    await (await reading(link)).getByText(NOT_FOUND).waitFor();
    await message(await reading(fresh), "first lit in 1531").waitFor();
  });
});

describe("a link", () => {
  it("that is revoked leaves another with a password, first opened afterwards, as it was", async () => {
    const { page: owner } = await withDraft();
    const link = await shareDraft(owner);
    const manage = await openManage(owner);
    await manage.getByRole("button", { name: "New link" }).click();
    const making = owner.getByRole("dialog", { name: "New link" });
    await unfold(making, "Password, expiry and limits");
    await making.getByLabel("Password (optional)").fill(PASSWORD);
    await making.getByLabel("Name of the link (optional)").fill("With password");
    await making.getByRole("button", { name: "Create link" }).click();
    const made = owner.getByRole("dialog", { name: "Link to this chat" });
    const secret = await made.getByLabel("Link", { exact: true }).inputValue();
    await made.getByRole("button", { name: "All links" }).click();
    await manage.getByRole("button", { name: "Revoke link “Link to read”" }).click();
    await owner
      .getByRole("dialog", { name: "Revoke this link?" })
      .getByText("Your other links go on working")
      .waitFor();
    await owner.getByRole("button", { name: "Revoke link", exact: true }).click();
    await manage.getByText("Link to read", { exact: true }).waitFor({ state: "detached" });
    await (await reading(link)).getByText(NOT_FOUND).waitFor();

    const late = await reading(secret);
    await late.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await late.getByRole("button", { name: "Open chat" }).click();
    await message(late, "first lit in 1531").waitFor();
    await late.getByText("Complete and unaltered, sealed by the owner on").waitFor();
  });

  it("is changed for everybody who has it: name, end, limit, and what it lets people do", async () => {
    const { page: owner } = await withDraft();
    const link = await shareDraft(owner);
    await write(owner, "Between us: the keeper never slept.");
    await message(owner, "the keeper never slept").first().waitFor();
    const manage = await openManage(owner);
    await manage.getByRole("button", { name: "Change link “Link to read”" }).click();
    const change = owner.getByRole("dialog", { name: "Change link" });
    await change.getByLabel("Name of the link (optional)").fill("Everybody");
    await change.getByLabel("The link stops working").selectOption("After a week");
    await change.getByLabel("How many devices may open it").fill("1");
    await change.getByRole("radio", { name: /^Write together/ }).check();
    await change.getByText("What is private so far (1 message) will be visible").waitFor();
    await change.getByText("Between us: the keeper never slept.", { exact: false }).waitFor();
    await accessible(owner);
    await change.getByRole("button", { name: "Save changes" }).click();
    await manage.getByText("Everybody", { exact: true }).waitFor();
    await manage.getByText(/0 of 1 device · not opened yet/).waitFor();

    const first = await reading(link);
    await message(first, "the keeper never slept").waitFor();
    await (await reading(link)).getByText(NOT_FOUND).waitFor();
    await first.reload();
    await message(first, "the keeper never slept").waitFor();
    await owner.keyboard.press("Escape");
    await openManage(owner);
    await manage.getByText("Limit reached").waitFor();
    await manage.getByText(/1 of 1 device · last opened/).waitFor();
    await owner.goto(`${server.url}/#home`);
    await owner.getByRole("region", { name: "Shared by me" }).getByText("Expired or full").waitFor();
  });

  it("ends with all others when its owner stops sharing; the card is erased, and the owner keeps the chat", async () => {
    const { page: owner } = await withDraft();
    const dialog = await openShare(owner);
    await unfold(dialog, "Preview card");
    await dialog.getByRole("checkbox", { name: /^Show title and summary/ }).check();
    await dialog.getByRole("button", { name: "Create link" }).click();
    const link = await owner.getByLabel("Link", { exact: true }).inputValue();
    await owner.getByRole("button", { name: "Done" }).click();
    const reader = await reading(link);
    await message(reader, "first lit in 1531").waitFor();
    const page = new URL(link);
    const card = async () => (await fetch(`${page.origin}${page.pathname}`)).text();
    expect(await card()).toContain(CONVERSATION.title);

    const manage = await openManage(owner);
    await manage.getByRole("button", { name: "Stop sharing" }).click();
    const asked = owner.getByRole("dialog", { name: "Stop sharing this chat?" });
    await asked.getByText("Its link ends at once, for good", { exact: false }).waitFor();
    await asked.getByRole("button", { name: "Stop sharing" }).click();
    await manage.getByText("No link opens this chat now: only you can see it.").waitFor();
    await accessible(owner);
    await owner.getByText("No link opens this chat: only those in it see it").waitFor();
    await reader.getByText(NOT_FOUND).waitFor();
    expect(await card()).not.toContain(CONVERSATION.title);
    await owner.goto(`${server.url}/#home`);
    await owner.getByRole("region", { name: "Shared by me" }).getByText("Only you").waitFor();
    await owner.getByRole("link", { name: CONVERSATION.title }).click();
    await message(owner, "first lit in 1531").first().waitFor();
  });
});

/** The pages of a profile that are loaded from now on know no time: what is to be seen for seconds stays to be seen. */
async function stopClocks({ context }: Profile): Promise<void> {
  await context.addInitScript((date) => {
    const clocks = { date: Date.now, moment: performance.now };
    Object.assign(globalThis, { clocks });
    Date.now = () => date;
    performance.now = () => 1_000;
  }, Date.now());
}

async function startClocks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { clocks } = globalThis as unknown as { clocks: { date: () => number; moment: () => number } };
    Date.now = clocks.date;
    performance.now = clocks.moment.bind(performance);
  });
}

describe("Update shared chat", () => {
  it("can be undone for ten seconds, also after a reload, and then arrives where the chat is open", async () => {
    const { page: owner, profile } = await withDraft({ viewport: { width: 360, height: 740 } });
    const reader = await reading(await shareDraft(owner));
    await stopClocks(profile);
    await owner.reload();
    await message(reader, "first lit in 1531").waitFor();
    await write(owner, "And the tallest?");
    await owner.getByRole("button", { name: "Update shared chat (1 new message)" }).click();
    const dialog = owner.getByRole("dialog", { name: "Update shared chat" });
    await dialog.getByText("And the tallest?", { exact: false }).waitFor();
    await dialog.getByRole("button", { name: "Share 1 message" }).click();
    const waiting = owner.getByRole("region", { name: "Update of the shared chat" });
    await waiting.getByText(/Sharing 1 message in/).waitFor();
    await accessible(owner);
    await owner.reload();
    await waiting.getByText(/Sharing 1 message in/).waitFor();
    // The button has the focus: Enter is enough.
    await expect
      .poll(() => waiting.getByRole("button", { name: "Undo" }).evaluate((e) => e === document.activeElement))
      .toBe(true);
    await owner.keyboard.press("Enter");
    await owner.getByText("Nothing was shared.").waitFor();

    await startClocks(owner);
    await owner.getByRole("button", { name: "Update shared chat (1 new message)" }).click();
    await dialog.getByRole("button", { name: "Share 1 message" }).click();
    await waiting.waitFor();
    // It goes out whatever is open then.
    await owner.goto(`${server.url}/#home`);
    await message(reader, "And the tallest?").waitFor();
    await reader.getByText("Complete and unaltered, sealed by the owner on").waitFor();
  });
});

describe("own messages", () => {
  it("are edited and deleted; readers see it with the next update", async () => {
    const { page: owner } = await withDraft();
    const reader = await reading(await shareDraft(owner));
    await message(reader, "Which lighthouse is the").waitFor();
    const menuOf = async (text: string) => {
      await message(owner, text).first().getByRole("button", { name: "More for this message" }).click();
    };
    await menuOf("Which lighthouse is the");
    await owner.getByRole("button", { name: "Edit", exact: true }).click();
    await owner.getByLabel("Edited message").fill("Which beacon is the oldest?");
    await accessible(owner);
    await owner.getByRole("button", { name: "Save" }).click();
    await message(owner, "Which beacon is the oldest?").getByText("edited, not shared yet").waitFor();
    await menuOf("first lit in 1531");
    await owner.getByRole("button", { name: "Delete", exact: true }).click();
    await owner.getByRole("dialog", { name: "Delete this message?" }).getByRole("button", { name: "Delete" }).click();
    await owner.getByText(/People with a link to read see it until you update/).waitFor();
    expect(await message(reader, "Which beacon").count()).toBe(0);
    await owner.getByRole("button", { name: /^Update shared chat/ }).click();
    const update = owner.getByRole("dialog", { name: "Update shared chat" });
    await update.getByText(/edited: Which beacon/).waitFor();
    await update.getByRole("button", { name: "Share 1 edit, 1 deletion" }).click();
    await message(reader, "Which beacon is the oldest?").getByText("edited", { exact: true }).waitFor();
    await message(reader, "first lit in 1531").waitFor({ state: "detached" });
    await reader.getByText("This message was deleted.").waitFor();
  });
});

describe("home", () => {
  it("lists what is shared by and with somebody, with its state, and finds it by title", async () => {
    const { page: owner } = await withDraft();
    const link = await shareDraft(owner);
    await write(owner, "Not for the others yet.");
    // Stored, not only shown: the list counts what the server has.
    await owner.getByRole("button", { name: "Update shared chat (1 new message)" }).waitFor();
    await owner.goto(`${server.url}/#home`);
    const mine = owner.getByRole("region", { name: "Shared by me" });
    await mine.getByText("Public link").waitFor();
    await mine.getByText("1 not shared yet").waitFor();
    await owner.getByRole("region", { name: "Shared with me" }).getByText("Nothing yet.", { exact: false }).waitFor();
    await accessible(owner);

    const { page: reader } = await someone();
    await reader.goto(link);
    await message(reader, "first lit in 1531").waitFor();
    await reader.goto(`${server.url}/#home`);
    await reader
      .getByRole("region", { name: "Shared with me" })
      .getByRole("link", { name: CONVERSATION.title })
      .waitFor();
    await accessible(reader);

    for (const title of ["Tides", "Buoys", "Fog horns", "Harbours", "Pilots"]) {
      await owner.goto(`${server.url}/#home`);
      await importConversation(owner, { title, turns: ["One?", "Two."] });
    }
    await owner.goto(`${server.url}/#home`);
    await owner.getByLabel("Search my chats").fill("LIGHT");
    await owner.getByRole("link", { name: "Fog horns" }).waitFor({ state: "detached" });
    await owner.getByRole("link", { name: CONVERSATION.title }).waitFor();
    await owner.getByLabel("Search my chats").fill("nothing like it");
    await owner.getByText("Nothing here has “nothing like it” in its title.").waitFor();
  });
});
