import type { PreviewCard } from "@openmates-share/protocol/wire";

/**
 * The page that a shared link leads to. Crawlers read the tags at its top; a browser with a key in the fragment, which no
 * server sees, is moved on to the viewer by the script.
 */
export function previewPage(options: { card: Pick<PreviewCard, "title" | "summary" | "image">; url: string }): string {
  const { card, url } = options;
  const title = escapeHtml(card.title);
  const summary = escapeHtml(card.summary);
  const image = escapeHtml(card.image);
  const address = escapeHtml(url);
  return `<!doctype html>
<html lang="en" prefix="og: https://ogp.me/ns#">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta property="og:title" content="${title}">
<meta property="og:description" content="${summary}">
<meta property="og:image" content="${image}">
<meta property="og:image:type" content="image/png">
<meta property="og:image:width" content="1200">
<meta property="og:image:height" content="630">
<meta property="og:image:alt" content="OpenMates">
<meta property="og:url" content="${address}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="OpenMates">
<meta name="twitter:card" content="summary_large_image">
<meta name="twitter:title" content="${title}">
<meta name="twitter:description" content="${summary}">
<meta name="twitter:image" content="${image}">
<meta name="description" content="${summary}">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/share-page.css">
<script src="/share-redirect.js"></script>
</head>
<body>
<main>
<h1 dir="auto">${title}</h1>
<p dir="auto">${summary}</p>
<p id="state" role="status"></p>
<noscript><p>What was shared is decrypted in your browser, which needs JavaScript. Please turn it on and open the link again.</p></noscript>
</main>
</body>
</html>
`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
