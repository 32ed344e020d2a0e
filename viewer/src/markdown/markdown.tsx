import type { Token, Tokens } from "marked";
import { type ComponentChildren, Fragment, type VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { CodeBlock } from "./code-block.tsx";
import { CodeText } from "./code-text.tsx";
import { directionOf } from "./direction.ts";
import { decodeEntities } from "./entities.ts";
import { Formula } from "./formula.tsx";
import { headingLevels } from "./heading-levels.ts";
import { type KnownToken, type Lexed, lex } from "./lex.ts";
import { RealHost, StrangersLink } from "./links.tsx";
import { lexLong, MAX_AT_ONCE } from "./long-text.ts";
import { NoteMark, Notes } from "./notes.tsx";
import { hostOf, safeUrl } from "./safe-url.ts";

/** Deeper nesting than anybody writes by hand; a hostile text would otherwise exhaust the stack. */
const MAX_DEPTH = 32;

/**
 * Markdown of strangers as elements. It is never HTML at any point: the lexer's tokens become virtual nodes, so tags in
 * the text are shown as the text they are.
 */
export function Markdown({ text, breaks = false }: { text: string; breaks?: boolean }) {
  const short = text.length <= MAX_AT_ONCE;
  const now = useMemo(() => (short ? renderMarkdown(text, { breaks }) : null), [text, breaks, short]);
  const later = useLater({ text, breaks, wanted: !short });
  return (
    <div class="markdown" dir="auto">
      {now ?? later ?? <Plain text={text} />}
    </div>
  );
}

/** A long text is read in a worker. While a longer version of it is read, as an answer arrives, the former one stays. */
function useLater(options: { text: string; breaks: boolean; wanted: boolean }): ComponentChildren {
  const { text, breaks, wanted } = options;
  const [read, setRead] = useState<{ readonly text: string; readonly nodes: ComponentChildren } | null>(null);
  const latest = useRef(text);
  latest.current = text;
  const reading = useRef(false);
  useEffect(() => {
    const readOn = async () => {
      const current = latest.current;
      const lexed = await lexLong({ text: current, breaks });
      setRead({ text: current, nodes: lexed === null ? null : elements(lexed) });
      reading.current = latest.current !== current;
      if (reading.current) await readOn();
    };
    if (!wanted || reading.current || read?.text === text) return;
    reading.current = true;
    readOn().catch(() => setRead(null));
  }, [text, breaks, wanted, read]);
  return wanted && read && text.startsWith(read.text) ? read.nodes : null;
}

/** What is known at once: for texts up to `MAX_AT_ONCE`. */
export function renderMarkdown(text: string, options: { breaks: boolean }): ComponentChildren {
  try {
    return elements(lex(text, options));
  } catch {
    // The lexer recurses and can run out of stack; the text itself is still worth reading.
    return <Plain text={text} />;
  }
}

function Plain({ text }: { text: string }) {
  return <p class="plain">{text}</p>;
}

/** Of the tokens that have become elements. */
const levels = new WeakMap<Token, number>();

function elements({ tokens, notes }: Lexed): ComponentChildren {
  for (const [token, level] of headingLevels(tokens)) levels.set(token, level);
  return (
    <>
      {blocks(tokens, 0)}
      {notes.length > 0 && <Notes notes={notes} inside={(inside) => blocks(inside, 1)} />}
    </>
  );
}

/** `lex` makes no others. */
function known(token: Token): KnownToken {
  return token as KnownToken;
}

function blocks(tokens: readonly Token[], depth: number): ComponentChildren[] {
  return tokens.map((token, index) => block(known(token), depth, index));
}

function block(token: KnownToken, depth: number, key: number): ComponentChildren {
  if (depth > MAX_DEPTH)
    return (
      <p key={key} class="plain">
        {token.raw}
      </p>
    );
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      return heading(token, depth, key);
    case "paragraph":
      return (
        <p key={key} dir="auto">
          {inlines(token.tokens, depth)}
        </p>
      );
    case "code":
      return <CodeBlock key={key} code={token.text} language={languageOf(token.lang)} />;
    case "blockquote":
      return (
        <blockquote key={key} dir={directionOf(token.text)}>
          {blocks(token.tokens, depth + 1)}
        </blockquote>
      );
    case "math":
      return (
        <p key={key} class="formulas">
          <Formula tex={token.tex} display={true} />
        </p>
      );
    case "note":
      return null;
    case "hr":
      return <hr key={key} />;
    case "list":
      return list(token, depth, key);
    case "table":
      return table(token, depth, key);
    case "html":
      return (
        <p key={key} class="plain">
          {token.raw.trimEnd()}
        </p>
      );
    case "text":
      return token.tokens ? inlines(token.tokens, depth) : inline(token, depth, key);
    default:
      return inline(token, depth, key);
  }
}

function heading(token: Tokens.Heading, depth: number, key: number): VNode {
  const Tag = `h${levels.get(token) ?? 6}` as "h2" | "h3" | "h4" | "h5" | "h6";
  return (
    <Tag key={key} class={`level-${token.depth}`} dir="auto">
      {inlines(token.tokens, depth)}
    </Tag>
  );
}

function list(token: Tokens.List, depth: number, key: number): VNode {
  const items = token.items.map((item, index) => listItem(item, depth, index));
  const dir = directionOf(token.items[0]?.text ?? "");
  if (!token.ordered)
    return (
      <ul key={key} class={token.items.some((item) => item.task) ? "tasks" : undefined} dir={dir}>
        {items}
      </ul>
    );
  return (
    <ol key={key} start={token.start === "" ? 1 : token.start} dir={dir}>
      {items}
    </ol>
  );
}

function listItem(item: Tokens.ListItem, depth: number, key: number): VNode {
  const inside = item.tokens.filter((token) => token.type !== "checkbox");
  return (
    <li key={key}>
      {item.task && <TaskBox done={item.checked === true} />}
      {blocks(inside.map(withoutCheckbox), depth + 1)}
    </li>
  );
}

function withoutCheckbox(token: Token): Token {
  if (!("tokens" in token) || token.tokens?.[0]?.type !== "checkbox") return token;
  return { ...token, tokens: token.tokens.slice(1) };
}

function TaskBox({ done }: { done: boolean }) {
  return (
    <span class={done ? "task done" : "task"} role="img" aria-label={done ? "Done:" : "To do:"}>
      {done && <Icon name="check" />}
    </span>
  );
}

function table({ header, rows }: Tokens.Table, depth: number, key: number): VNode {
  const cells = (row: Tokens.TableCell[], Tag: "th" | "td") =>
    row.map((cell, index) => (
      <Tag key={index} class={cell.align ? `align-${cell.align}` : undefined} dir="auto">
        {inlines(cell.tokens, depth)}
      </Tag>
    ));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <div key={key} class="table" dir={directionOf(header.map(({ text }) => text).join(" "))} tabIndex={0}>
      <table>
        <thead>
          <tr>{cells(header, "th")}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{cells(row, "td")}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inlines(tokens: readonly Token[] | undefined, depth: number): ComponentChildren[] {
  return (tokens ?? []).map((token, index) => inline(known(token), depth + 1, index));
}

function inline(token: KnownToken, depth: number, key: number): ComponentChildren {
  if (depth > MAX_DEPTH) return token.raw;
  switch (token.type) {
    case "strong":
      return <strong key={key}>{inlines(token.tokens, depth)}</strong>;
    case "em":
      return <em key={key}>{inlines(token.tokens, depth)}</em>;
    case "del":
      return <del key={key}>{inlines(token.tokens, depth)}</del>;
    case "codespan":
      return (
        <code key={key} dir="ltr">
          <CodeText code={token.text} />
        </code>
      );
    case "math":
      return <Formula key={key} tex={token.tex} display={token.display} />;
    case "noteMark":
      return <NoteMark key={key} number={token.number} />;
    case "br":
      return <br key={key} />;
    case "link":
      return link(token, depth, key);
    case "image":
      return image(token, key);
    case "text":
      return token.tokens ? inlines(token.tokens, depth) : decodeEntities(token.text);
    case "escape":
      return token.text;
    case "html":
      return token.raw;
    default:
      return "raw" in token ? token.raw : null;
  }
}

function link(token: Tokens.Link, depth: number, key: number): VNode {
  // The lexer leaves references in addresses that were typed out: there they are part of the address.
  const address = safeUrl(token.autolink ? token.href : decodeEntities(token.href));
  const inside = inlines(token.tokens, depth);
  if (address === null)
    return (
      <span key={key} class="dead-link" title="This link leads nowhere a browser may go">
        {inside}
      </span>
    );
  return (
    <Fragment key={key}>
      {/* On paper the address stands behind the words, unless they are the address. */}
      <StrangersLink address={address} {...(token.autolink && { className: "bare" })}>
        {inside}
      </StrangersLink>
      {!token.autolink && <RealHost address={address} words={wordsOf(token.tokens)} />}
    </Fragment>
  );
}

/** Loading a stranger's image would tell the stranger who reads what and when. */
function image(token: Tokens.Image, key: number): ComponentChildren {
  const address = safeUrl(decodeEntities(token.href));
  const name = wordsOf(token.tokens) || decodeEntities(token.text);
  if (address === null || !address.startsWith("http")) {
    return (
      <span key={key} class="image">
        <Icon name="image" />
        {name || "Image"}
      </span>
    );
  }
  return (
    <span key={key} class="image">
      <Icon name="image" />
      <span>{name || "Image"}</span>
      <StrangersLink address={address}>Open on {hostOf(address)}</StrangersLink>
    </span>
  );
}

/** What is read, without the markup in it. */
function wordsOf(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if ("tokens" in token && token.tokens) return wordsOf(token.tokens);
      return "text" in token && typeof token.text === "string" ? decodeEntities(token.text) : token.raw;
    })
    .join("");
}

/** The first word of what stands behind the fence. */
function languageOf(lang: string | undefined): string {
  return /^[\w+#.-]{1,30}/.exec(lang ?? "")?.[0] ?? "";
}
