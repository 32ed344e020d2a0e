import * as v from "valibot";
import { expect, test } from "vitest";
import { WireFailure } from "./failure.ts";
import { parse } from "./parse.ts";

const schema = v.strictObject({ name: v.pipe(v.string(), v.maxLength(3)), list: v.array(v.object({ n: v.number() })) });

test.each([
  [{ name: "abcd", list: [] }, "The field name is not valid: <=3 is expected."],
  [{ name: 1, list: [] }, "The field name is not valid: string is expected."],
  [{ list: [] }, 'The field name is not valid: "name" is expected.'],
  [{ name: "a", list: [{ n: 1 }, { n: "secret" }] }, "The field list.1.n is not valid: number is expected."],
  [{ name: "a", list: [], secret: 1 }, "The request has a field that is not known."],
  ["secret", "The request is not valid: Object is expected."],
])("%j: %s", (value, sentence) => {
  expect(() => parse(schema, value)).toThrow(new WireFailure("bad_request", sentence));
});
