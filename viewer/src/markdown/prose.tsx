import { Fragment } from "preact";

/** Signs that mean something in markdown wherever they stand, in formulas and in addresses. */
const SIGNS = /[\\`*_[\]<>&~|$@^]|:\/\/|www\./i;
/** Lines that begin a heading, a list, a rule or code, that underline a heading, or that have blank space around. */
const LINES = /^(?:#|[-+=:]|\d{1,9}[.)]|[^\S\n]|.*[^\S\n]$)/m;
/** What shows nothing, and carriage returns. */
const HIDDEN = /[^\P{C}\n]/u;

/**
 * The paragraphs of a text in which nothing is markdown, as lines; null when something might be. So that a text of words
 * alone, which most messages of people are, needs none of the code that reads markdown.
 */
export function paragraphsOf(text: string): readonly (readonly string[])[] | null {
  const body = text.replace(/^\n+|\n+$/g, "");
  if (body === "" || SIGNS.test(body) || LINES.test(body) || HIDDEN.test(body)) return null;
  return body.split(/\n{2,}/).map((paragraph) => paragraph.split("\n"));
}

/** The same elements that markdown would become. */
export function Prose({ paragraphs, breaks }: { paragraphs: ReturnType<typeof paragraphsOf> & {}; breaks: boolean }) {
  return (
    <div class="markdown" dir="auto">
      {paragraphs.map((lines, key) => (
        <p key={key} dir="auto">
          {breaks
            ? lines.map((line, index) => (
                <Fragment key={index}>
                  {index > 0 && <br />}
                  {line}
                </Fragment>
              ))
            : lines.join("\n")}
        </p>
      ))}
    </div>
  );
}
