import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isJson, type Json } from "./json.ts";
import type { ShownMessage, SlackStub } from "./slack-stub.ts";
import type { OpenView, Whisper } from "./web-api.ts";

/** A local page that shows the channels as people see them. */
export interface ChannelPage {
  readonly url: string;
  stop(): Promise<void>;
}

export async function serveChannelPage(slack: SlackStub): Promise<ChannelPage> {
  const server = createServer((_request, response) => {
    render(slack).then(
      (html) => {
        response.writeHead(200, {
          "content-type": "text/html; charset=utf-8",
          "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
          "referrer-policy": "no-referrer",
        });
        response.end(html);
      },
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // It listens on a port.
  return { url: `http://127.0.0.1:${port}`, stop: () => closeServer(server) };
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function render(slack: SlackStub): Promise<string> {
  const show = (text: string) => mrkdwn(slack.readable(text));
  const channels = await Promise.all(
    [...slack.workspace.channels.keys()].map(async (name) => {
      const messages = await slack.channelShown(name);
      if (messages.length === 0) return "";
      const articles = messages.map((message) =>
        messageHtml(message, { author: slack.readable(`<@${message.user}>`), show }),
      );
      return `<h2>#${html(name)}</h2>${articles.join("")}`;
    }),
  );
  return page(`${channels.join("")}${whispersHtml(slack.whispers, show)}${viewsHtml([...slack.views.values()], show)}`);
}

const EMOJI: Readonly<Record<string, string>> = {
  lock: "🔒",
  key: "🔑",
  hourglass_flowing_sand: "⏳",
  information_source: "ℹ️",
  warning: "⚠️",
  white_check_mark: "✅",
  thinking_face: "🤔",
};

/** Slack's text as HTML. */
type Show = (text: string) => string;

function messageHtml(
  { text, blocks, unfurls }: ShownMessage,
  { author, show }: { author: string; show: Show },
): string {
  const content = blocks.length > 0 ? blocksHtml(blocks, show) : `<p>${show(text)}</p>`;
  const cards = [...unfurls.values()].map((card) => `<aside>${blocksHtml(card, show)}</aside>`);
  return `<article><b>${html(author)}</b>${content}${cards.join("")}</article>`;
}

function whispersHtml(whispers: readonly Whisper[], show: Show): string {
  if (whispers.length === 0) return "";
  const items = whispers.map(
    ({ person, blocks }) => `<article><b>@${html(person)}</b>${blocksHtml(blocks, show)}</article>`,
  );
  return `<h2>What one person alone sees</h2>${items.join("")}`;
}

function viewsHtml(views: readonly OpenView[], show: Show): string {
  if (views.length === 0) return "";
  const items = views.map(({ person, view }) => {
    const blocks = Array.isArray(view.blocks) ? view.blocks.filter(isJson) : [];
    return `<article><b>@${html(person)}: ${partHtml(view.title, show)}</b><aside>${blocksHtml(blocks, show)}</aside></article>`;
  });
  return `<h2>What is open on somebody's screen</h2>${items.join("")}`;
}

function blocksHtml(blocks: readonly Json[], show: Show): string {
  return blocks
    .map(({ type, text, accessory, elements, label, hint, element }) => {
      if (type === "input") return fieldHtml({ label, hint, element }, show);
      const parts = [text, accessory, ...(Array.isArray(elements) ? elements : [])];
      return `<p${type === "context" ? ' class="note"' : ""}>${parts.map((part) => partHtml(part, show)).join(" ")}</p>`;
    })
    .join("");
}

/** A field with what can be chosen in it, or what stands in it. */
function fieldHtml({ label, hint, element }: Json, show: Show): string {
  const field = isJson(element) ? element : {};
  const start = field.initial_value ?? "";
  const options = Array.isArray(field.options) ? field.options.map((option) => partHtml(option, show)) : [];
  const shown = options.length > 8 ? [...options.slice(0, 8), "…"] : options;
  const value = shown.length > 0 ? shown.join(" ") : html(String(start));
  return `<p><b>${partHtml(label, show)}</b><br>${value}</p><p class="note">${partHtml(hint, show)}</p>`;
}

/** A text object, or a button. */
function partHtml(part: unknown, show: Show): string {
  if (!isJson(part)) return "";
  if (typeof part.text === "string") return show(part.text);
  const { url } = part;
  const label = partHtml(part.text, show);
  if (label === "") return "";
  const opens = typeof url === "string" && /^https?:/u.test(url);
  return opens ? `<a class="button" href="${html(url)}">${label}</a>` : `<span class="button">${label}</span>`;
}

/** As much of Slack's markup as the demo has. Slack's text has `&`, `<` and `>` escaped already, save for its own marks. */
function mrkdwn(text: string): string {
  return html(text)
    .replaceAll("&amp;amp;", "&amp;")
    .replaceAll(/&amp;(lt|gt);/gu, "&$1;")
    .replaceAll(
      /&lt;(https?:[^|]*?)(?:\|(.*?))?&gt;/gu,
      (_, url: string, label?: string) => `<a href="${url}">${label ?? url}</a>`,
    )
    .replaceAll(/```([\s\S]+?)```/gu, "<pre>$1</pre>")
    .replaceAll(/`([^`]+)`/gu, "<code>$1</code>")
    .replaceAll(/(^|\s)\*(\S[^*\n]*)\*/gu, "$1<strong>$2</strong>")
    .replaceAll(/:(\w+):/gu, (name, word: string) => EMOJI[word] ?? name)
    .replaceAll("\n", "<br>");
}

function html(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function page(body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Slack demo</title><meta name="viewport" content="width=device-width">
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }
article { padding: .4rem 0 } p { margin: .2rem 0 } pre { margin: .2rem 0; padding: .5rem; background: #8882; white-space: pre-wrap }
aside { border-left: 4px solid #4a7; padding-left: .8rem; margin: .4rem 0 } .note { opacity: .7; font-size: .85em }
.button { display: inline-block; border: 1px solid #8886; border-radius: 6px; padding: .1rem .7rem }
</style><h1>What Slack shows</h1>${body}</html>`;
}
