import { Buffer } from "node:buffer";
import type { Locator, Page } from "playwright-core";
import { chatGptExport } from "./export-fixture.ts";

/** What people do in the web app, in their words. */

export async function importConversation(page: Page, conversation: { title: string; turns: readonly string[] }) {
  const file = {
    name: "conversations.json",
    mimeType: "application/json",
    buffer: Buffer.from(chatGptExport([conversation])),
  };
  await page.getByLabel("Conversation file").setInputFiles(file);
  await page.getByRole("heading", { name: conversation.title, level: 1 }).waitFor();
}

export interface Sharing {
  readonly together?: boolean;
  readonly password?: string;
  readonly name?: string;
}

/** Shares the draft on the screen; returns the link. */
export async function shareDraft(page: Page, { together = false, password, name }: Sharing = {}): Promise<string> {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share this chat" });
  if (together) await dialog.getByRole("radio", { name: /^Write together/ }).check();
  if (password) {
    await dialog.getByText("Password, expiry and limits").click();
    await dialog.getByLabel("Password (optional)").fill(password);
  }
  if (name) await dialog.getByLabel("Your name in the chat").fill(name);
  await dialog.getByRole("button", { name: "Create link" }).click();
  const done = page.getByRole("dialog", { name: "Your chat is shared" });
  const link = await done.getByLabel("Link", { exact: true }).inputValue();
  await done.getByRole("button", { name: "Done" }).click();
  return link;
}

export async function joinAs(page: Page, name: string): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Join chat" }).click();
  await composer(page).waitFor();
}

export function composer(page: Page): Locator {
  return page.getByLabel("Message", { exact: true });
}

export async function write(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

/** The article of the message that holds this text. */
export function message(page: Page, text: string): Locator {
  return page.getByRole("article").filter({ hasText: text });
}
