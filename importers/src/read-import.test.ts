import { describe, expect, it } from "vitest";
import { conversationOf, user } from "../tests/chatgpt-fixture.ts";
import { ImportError } from "./import-error.ts";
import { readImport } from "./read-import.ts";

function refusal(text: string, name = "conversations.json"): ImportError {
  try {
    readImport({ name, text });
  } catch (error) {
    if (error instanceof ImportError) return error;
    throw error;
  }
  throw new Error("it was read");
}

describe("a file that gives no conversation", () => {
  it.each([
    ["", "empty"],
    ["\ufeff \n", "empty"],
    ["PK\u0003\u0004\u0014", "archive"],
    ["<!DOCTYPE html><html lang=en>", "web_page"],
    ["%PDF-1.7", "not_text"],
    ["\ufffd\ufffdPNG\r\n", "not_text"],
    ["[\0{\0", "not_text"],
    ['[{"title":"cut o', "damaged_json"],
    ["null", "damaged_json"],
    ['{"recipes":[]}', "unknown_json"],
    ["[]", "no_conversations"],
    [JSON.stringify([conversationOf([])]), "no_conversations"],
    [JSON.stringify([{ id: "m", conversation_id: "c", rating: "thumbsUp" }]), "wrong_file"],
    [JSON.stringify([{ uuid: "u", full_name: "Anna" }]), "wrong_file"],
  ])("is refused with what was found and what is right: %j", (text, code) => {
    const error = refusal(text);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^[A-Z].*\.$/);
  });

  it("is named when it is another file of an export", () => {
    const sentence =
      "This is `user.json` of a ChatGPT export; the conversations are in conversations.json, or in its parts: conversations-000.json and so on.";
    expect(refusal('{"id":"user-1","email":"a@example.org","chatgpt_plus_user":true}', "").message).toBe(sentence);
    expect(refusal('{"id":"user-1"}', "export/user.json").message).toBe(sentence);
  });

  it.each([
    ["export_manifest.json", '{"files":[]}', "ChatGPT"],
    ["conversation_asset_file_names.json", '{"file-a.dat":"a.png"}', "ChatGPT"],
    ["memories.json", '[{"conversations_memory":"Bakes."}]', "Claude"],
    ["projects.json", '[{"uuid":"u","name":"n","prompt_template":""}]', "Claude"],
  ])("may be %s", (name, text, of) => {
    expect(refusal(text, name).message).toBe(
      `This is \`${name}\` of a ${of} export; the conversations are in conversations.json${of === "ChatGPT" ? ", or in its parts: conversations-000.json and so on" : ""}.`,
    );
  });
});

describe("a file of JSON", () => {
  it("is recognised by its shape whatever its name and with a byte order mark", () => {
    const text = `\ufeff${JSON.stringify([conversationOf([user("a")])])}`;
    for (const name of ["", "chats.txt", "conversations-003.json"]) {
      expect(readImport({ name, text }).format).toBe("chatgpt");
    }
  });

  it("may put its conversations in lists or under a name", () => {
    const conversation = conversationOf([user("a")]);
    for (const data of [[[conversation]], { conversations: [conversation] }]) {
      expect(readImport({ name: "a.json", text: JSON.stringify(data) }).conversations).toHaveLength(1);
    }
  });

  it("gives equal conversations each time it is read", () => {
    const [entry] = readImport({ name: "", text: JSON.stringify(conversationOf([user("a")])) }).conversations;
    expect(entry?.read()).toEqual(entry?.read());
  });
});
