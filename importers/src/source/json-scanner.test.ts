import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonScanner } from "./json-scanner.ts";

/** What is found in a text that comes in pieces of the given sizes: `value:` and `element:` with their texts. */
function found(text: string, sizes: readonly number[] = []): { texts: string[]; complete: boolean } {
  const bytes = new TextEncoder().encode(text);
  const texts: string[] = [];
  let value = 0;
  let element = 0;
  const cut = (start: number, end: number) => new TextDecoder().decode(bytes.subarray(start, end));
  const scanner = new JsonScanner({
    valueBegins: (at) => {
      value = at;
    },
    valueEnds: (at) => texts.push(`value:${cut(value, at)}`),
    elementBegins: (at) => {
      element = at;
    },
    elementEnds: (at) => texts.push(`element:${cut(element, at)}`),
  });
  let at = 0;
  for (const size of sizes) {
    scanner.feed(bytes.subarray(at, at + size));
    at += size;
  }
  scanner.feed(bytes.subarray(at));
  return { texts, complete: scanner.complete };
}

describe("the scanner", () => {
  it.each([
    ["[]", ["value:[]"]],
    ['[{"a":[1]},2,[3]]', ['element:{"a":[1]}', "element:[3]", 'value:[{"a":[1]},2,[3]]']],
    ['{"a":1}\n{"b":{}}\n', ['value:{"a":1}', 'value:{"b":{}}']],
    [
      '{"x":[{}],"conversations" : [{"c":1},{"d":"}"}],"y":[{}]}',
      ['element:{"c":1}', 'element:{"d":"}"}', 'value:{"x":[{}],"conversations" : [{"c":1},{"d":"}"}],"y":[{}]}'],
    ],
    ['{"x":"conversations","y":[{}]}', ['value:{"x":"conversations","y":[{}]}']],
    ['[{"a":"]}\\"{["}]', ['element:{"a":"]}\\"{["}', 'value:[{"a":"]}\\"{["}]']],
    ['\ufeff[{"ä":"💬"}]', ['element:{"ä":"💬"}', 'value:[{"ä":"💬"}]']],
  ])("finds the records of %j", (text, expected) => {
    expect(found(text)).toEqual({ texts: expected, complete: true });
  });

  it.each(["hello", "[1] hello", "]", '"text"', '[{"a":1}', '{"a', '{"a":"\\'])(
    "knows that %j is not whole",
    (text) => {
      expect(found(text).complete).toBe(false);
    },
  );

  it("finds the same in pieces of any size", () => {
    const json = fc.json({ maxDepth: 4 }).filter((text) => /^[[{]/.test(text));
    const named = fc
      .constantFrom('{"conversations":[', '{"a":"b","history":[')
      .chain((head) => json.map((text) => `${head}${text}]}`));
    fc.assert(
      fc.property(fc.oneof(json, named), fc.array(fc.integer({ min: 0, max: 7 })), (text, sizes) => {
        expect(found(text, sizes)).toEqual(found(text));
        expect(found(text).texts.at(-1)).toBe(`value:${text.trim()}`);
      }),
    );
  });
});
