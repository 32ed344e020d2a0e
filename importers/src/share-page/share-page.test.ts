import { messageText } from "@openmates-share/protocol/content";
import { describe, expect, it } from "vitest";
import { assistant, conversationOf, user } from "../../tests/chatgpt-fixture.ts";
import { flattened, pageOf, sharePage } from "../../tests/share-page-fixture.ts";
import { ImportError } from "../import-error.ts";
import { readImport } from "../read-import.ts";
import { TurboStream } from "./turbo-stream.ts";

const conversation = conversationOf([user("Is <b>rye</b> sour?"), assistant('Often.\n"Very"')]);

function read(html: string) {
  const file = readImport({ name: "ChatGPT - Bread.html", text: html });
  return { format: file.format, ...file.conversations[0]?.read() };
}
const said = (html: string) => read(html).messages?.map(messageText);

describe("a share page of ChatGPT, saved as HTML", () => {
  it("gives the conversation that its scripts hold", () => {
    expect(read(sharePage(conversation))).toMatchObject({
      format: "chatgpt",
      title: "Bread without kneading",
      messages: [
        { role: "user", parts: [{ type: "markdown", text: "Is <b>rye</b> sour?" }] },
        { role: "assistant", parts: [{ type: "markdown", text: 'Often.\n"Very"' }], model: "gpt-5" },
      ],
    });
  });

  it("gives a conversation that only comes in a line", () => {
    const { mapping, current_node: _, ...rest } = conversation;
    expect(said(sharePage({ ...rest, linear_conversation: Object.values(mapping) }))).toEqual([
      "Is <b>rye</b> sour?",
      'Often.\n"Very"',
    ]);
  });

  it("may bring its data in pieces and behind a promise", () => {
    const outer = JSON.stringify([
      { _1: 2 },
      "loaderData",
      { _3: 4 },
      "routes/share",
      { _5: 6 },
      "serverResponse",
      ["P", 6],
    ]);
    const shifted = shiftIndices(flattened({ data: conversation }), 7);
    const text = `${outer}\nP6:${JSON.stringify(shifted)}\n`;
    expect(said(pageOf(text.slice(0, 50), text.slice(50)))).toEqual(["Is <b>rye</b> sour?", 'Often.\n"Very"']);
  });

  it("may be of the time when pages held their data as JSON", () => {
    const data = { props: { pageProps: { serverResponse: { type: "data", data: conversation } } } };
    const html = `<!DOCTYPE html><html><body><script id="__NEXT_DATA__" type="application/json">${JSON.stringify(data)}</script></body></html>`;
    expect(said(html)).toEqual(["Is <b>rye</b> sour?", 'Often.\n"Very"']);
  });

  it.each([
    ["a page without data", pageOf()],
    ["a page of something else", pageOf(JSON.stringify(flattened({ loaderData: { root: { a: 1 } } })))],
    ["data that are cut off", sharePage(conversation).slice(0, 900)],
    ["data that are no JSON", pageOf("[[")],
    ["a call without a string", "<!DOCTYPE html><html><script>streamController.enqueue(data)</script></html>"],
    ["a string without an end", '<!DOCTYPE html><html><script>streamController.enqueue("[1,2'],
  ])("says what to do with %s", (_, html) => {
    expect(() => readImport({ name: "", text: html })).toThrowError(
      expect.objectContaining({ code: "web_page", message: expect.stringContaining("saved as HTML only") }),
    );
  });

  it("names the right file of an export for its page of all chats", () => {
    const html = "<html><body><script>var jsonData = [{}]</script></body></html>";
    expect(() => readImport({ name: "chat.html", text: html })).toThrowError(
      new ImportError(
        "web_page",
        "This is chat.html of a ChatGPT export; in the same archive the conversations are in conversations.json, or in its parts: conversations-000.json and so on.",
      ),
    );
  });
});

describe("a turbo-stream", () => {
  const decoded = (...values: unknown[]) => TurboStream.read(JSON.stringify(values))?.at();

  it.each([
    ["numbers, words and holes", [[1, 2, -1, -5, -7], 1.5, true], [1.5, true, null, null, null]],
    [
      "dates and addresses",
      [
        [1, 2],
        ["D", 5],
        ["U", "https://a.example"],
      ],
      [5, "https://a.example"],
    ],
    ["sets and records without a prototype", [[1, 3], ["S", 2, 2], "a", ["N", { _2: 2 }]], [["a", "a"], { a: "a" }]],
    [
      "errors and what is of no known type",
      [
        [1, 2],
        ["E", "no"],
        ["Q", 1],
      ],
      [null, null],
    ],
    ["indices and keys that lead nowhere", [{ _9: 7, b: 1 }, "c"], { _9: null, b: "c" }],
    ["a key that every object has", [{ _1: 2 }, "__proto__", "a"], JSON.parse('{"__proto__":"a"}')],
  ])("reads %s", (_, values, expected) => {
    expect(decoded(...values)).toEqual(expected);
  });

  it("ends in a value within itself", () => {
    expect(JSON.stringify(decoded({ _1: 0 }, "a")).length).toBeLessThan(10_000);
    expect(decoded(["Z", 0])).toBeNull();
  });

  it("does not unfold without end", () => {
    // Thirty lists, each of the next one twice: a billion values.
    const values = [...Array.from({ length: 30 }, (_, index) => [index + 1, index + 1]), "a"];
    expect(JSON.stringify(decoded(...values)).length).toBeLessThan(10_000_000);
  });
});

function shiftIndices(values: unknown[], by: number): unknown[] {
  const shift = (index: unknown) => (typeof index === "number" && index >= 0 ? index + by : index);
  return values.map((value) => {
    if (Array.isArray(value)) return value.map(shift);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, index]) => [`_${Number(key.slice(1)) + by}`, shift(index)]),
    );
  });
}
