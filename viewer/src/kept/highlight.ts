import type { LanguageFn } from "highlight.js";
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import php from "highlight.js/lib/languages/php";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import "../styles/code-colours.css";
import { runsOf } from "../markdown/code-runs.ts";
import type { Run } from "../markdown/highlight.ts";
import { type LanguageId, languageId } from "../markdown/languages.ts";

/** What most code is written in: each grammar makes every kept file larger. */
const GRAMMARS: Partial<Record<LanguageId, LanguageFn>> = {
  bash,
  c,
  cpp,
  csharp,
  css,
  diff,
  go,
  java,
  javascript,
  json,
  kotlin,
  php,
  python,
  ruby,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};
for (const [name, grammar] of Object.entries(GRAMMARS)) hljs.registerLanguage(name, grammar);

/** A file can't start a worker that could be ended, so what is coloured is short. UTF-16 units. */
const MAX_CODE = 10_000;
/** For all code of the page together, milliseconds: a page that only reads must not be held up for long. */
let left = 2_000;

/** In the place of the viewer's, on the page's own thread. Null: this code stays plain. */
export async function highlight(code: string, name: string): Promise<readonly Run[] | null> {
  const language = languageId(name);
  if (language === null || !GRAMMARS[language] || code.length > MAX_CODE || left <= 0) return null;
  const began = performance.now();
  try {
    const { _emitter } = hljs.highlight(code, { language, ignoreIllegals: true });
    return runsOf((_emitter as unknown as { rootNode: unknown }).rootNode);
  } catch {
    return null;
  } finally {
    left -= performance.now() - began;
  }
}
