import { type ChatId, newId } from "@openmates-share/protocol/wire";
import metascraper from "metascraper";
import metascraperDescription from "metascraper-description";
import metascraperImage from "metascraper-image";
import metascraperPublisher from "metascraper-publisher";
import metascraperTitle from "metascraper-title";
import metascraperUrl from "metascraper-url";
import openGraphScraper from "open-graph-scraper";
import { unfurl } from "unfurl.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OwnedChat } from "./owned-chat.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const PUBLIC_URL = "https://share.example.org";
const PREVIEW = {
  title: `Bread & “butter” <b>without</b> a machine`,
  summary: "How long to let it rise, and why 12 > 2 hours",
  category: "cooking_food",
};
const GENERIC = {
  title: "Shared chat on OpenMates",
  description: "This conversation is end-to-end encrypted. Open the link to read it.",
  image: `${PUBLIC_URL}/og/default.png`,
};

/** As they name themselves, each by its operator's documentation or its own requests. */
const CRAWLERS = [
  "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
  "Slack-ImgProxy (+https://api.slack.com/robots)",
  "Twitterbot/1.0",
  "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
  "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
  "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
  "WhatsApp/2.23.20.0",
  "TelegramBot (like TwitterBot)",
  "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
  "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
  "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
  "Pinterest/0.2 (+https://www.pinterest.com/bot.html)",
  "redditbot/1.0",
  "Mastodon/4.2.0 (http.rb/5.1.1; +https://mastodon.example/)",
  "Iframely/1.3.1 (+https://iframely.com/docs/about)",
  "Embedly/0.2 (+http://embed.ly/)",
  "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
  "curl/8.5.0",
] as const;

const readers: Record<
  string,
  (url: string, html: string) => Promise<{ title: unknown; description: unknown; image: unknown }>
> = {
  "open-graph-scraper": async (_, html) => {
    const { result } = await openGraphScraper({ html });
    return { title: result.ogTitle, description: result.ogDescription, image: result.ogImage?.[0]?.url };
  },
  "unfurl.js": async (url) => {
    const { open_graph } = await unfurl(url);
    return { title: open_graph?.title, description: open_graph?.description, image: open_graph?.images?.[0]?.url };
  },
  metascraper: async (url, html) => {
    const read = metascraper([
      metascraperDescription(),
      metascraperImage(),
      metascraperPublisher(),
      metascraperTitle(),
      metascraperUrl(),
    ]);
    const { title, description, image } = await read({ url: url.replace(server.url, PUBLIC_URL), html });
    return { title, description, image };
  },
};

let server: TestServer;
let shown: OwnedChat;
let plain: OwnedChat;
beforeAll(async () => {
  server = await startTestServer({ publicUrl: PUBLIC_URL });
  shown = await OwnedChat.shared(server);
  plain = await OwnedChat.shared(server);
  for (const chat of [shown, plain]) await chat.link();
  await shown.expect(204, "PUT /preview", { json: PREVIEW });
});
afterAll(() => server.stop());

const pageUrl = (chat: string) => `${server.url}/share/chat/${chat}`;

async function fetchAs(agent: string, url: string, method = "GET"): Promise<{ status: number; html: string }> {
  const response = await fetch(url, { method, headers: { "user-agent": agent, accept: "*/*" } });
  return { status: response.status, html: await response.text() };
}

describe("a share page, read by what others read such pages with", () => {
  const CARD = { title: PREVIEW.title, description: PREVIEW.summary, image: `${PUBLIC_URL}/og/cooking_food.png` };

  test.each(Object.entries(readers))("%s finds title, description and image", async (_, read) => {
    const { html } = await fetchAs("reader", pageUrl(shown.chat));
    const found = await read(pageUrl(shown.chat), html);
    // metascraper makes quotation marks and spacing its own.
    const alike = (text: unknown) =>
      String(text)
        .replace(/[“”"']/g, "")
        .replace(/\s+/g, " ");
    expect({ ...found, title: alike(found.title) }).toEqual({ ...CARD, title: alike(CARD.title) });
  });

  test.each(Object.entries(readers))(
    "%s finds the generic card where there is no preview, and where there is no chat",
    async (_, read) => {
      for (const chat of [plain.chat, newId<ChatId>()]) {
        const { html } = await fetchAs("reader", pageUrl(chat));
        expect(await read(pageUrl(chat), html)).toEqual(GENERIC);
      }
    },
  );

  test("every crawler gets the same page", async () => {
    const pages = await Promise.all(CRAWLERS.map((agent) => fetchAs(agent, pageUrl(shown.chat))));
    expect(pages.map(({ status }) => status)).toEqual(CRAWLERS.map(() => 200));
    expect(new Set(pages.map(({ html }) => html)).size).toBe(1);
  });

  test("R7 no crawler's visit, by GET or HEAD, of the page, the image or the API, counts, burns or changes anything", async () => {
    const before = await server.dump();
    for (const agent of CRAWLERS) {
      for (const path of [
        `/share/chat/${shown.chat}`,
        `/api/chats/${shown.chat}`,
        `/api/previews/${shown.chat}`,
        "/og/cooking_food.png",
      ]) {
        for (const method of ["GET", "HEAD"]) await fetchAs(agent, server.url + path, method);
      }
    }
    expect((await server.dump()).equals(before)).toBe(true);
  });
});
