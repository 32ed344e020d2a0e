import type { FormatReader } from "./format-reader.ts";
import { isRecord, list, record, string } from "./json.ts";
import { openaiMessages } from "./openai-messages.ts";

/** A chat out of Chatbot UI's export: `{ version, history: [{ id, name, messages, model, prompt, temperature, folderId }] }`. */
export const chatbotUi: FormatReader = {
  format: "chatbot-ui",
  recognises: (value) =>
    isRecord(value) &&
    typeof value.name === "string" &&
    ("folderId" in value || "prompt" in value || typeof value.id === "number") &&
    Array.isArray(value.messages) &&
    list(value.messages).every((message) => isRecord(message) && "role" in message && "content" in message),
  read: (value) => {
    const { name, messages, model } = record(value);
    // The prompt is a setting of the chat's and was not said in it.
    return {
      ...openaiMessages.read({ messages, model: string(model) || string(record(model).id) }),
      title: string(name),
    };
  },
};
