/** A mail as its parts: the plain and the HTML form are made from the same words. */
export interface MailPage {
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** Shown large, to be typed off. */
  readonly code?: string;
  readonly button?: { readonly label: string; readonly url: string };
  /** Small, at the end: why this mail came. */
  readonly footer: string;
}

/** Both forms of a mail. No image, no tracking, nothing from elsewhere; light and dark as the reader's program is. */
export function renderMail(page: MailPage): { text: string; html: string } {
  return { text: textOf(page), html: htmlOf(page) };
}

function textOf({ title, paragraphs, code, button, footer }: MailPage): string {
  const parts = [title, ...(code === undefined ? [] : [`    ${code}`]), ...paragraphs];
  if (button) parts.push(`${button.label}:\n${button.url}`);
  return `${[...parts, `-- \n${footer}`].join("\n\n")}\n`;
}

const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;background:#faf9f6;color:#1d1b22;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.card{max-width:480px;margin:0 auto;padding:32px 24px}
h1{font-size:20px;line-height:1.3;margin:0 0 16px}
p{margin:0 0 16px}
.code{font:600 32px/1.2 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:6px;margin:24px 0}
.button{display:inline-block;padding:12px 20px;border-radius:999px;background:#4b46c6;color:#ffffff;text-decoration:none;font-weight:600}
.address{word-break:break-all;font-size:13px}
.footer{font-size:13px;color:#56535f;border-top:1px solid #e4e1da;padding-top:16px;margin-top:24px}
@media (prefers-color-scheme:dark){body{background:#141317;color:#ecebf1}.footer{color:#b6b3c0;border-color:#34323b}}`;

function htmlOf({ title, paragraphs, code, button, footer }: MailPage): string {
  const body = [
    `<h1>${escaped(title)}</h1>`,
    ...(code === undefined ? [] : [`<p class="code">${escaped(code)}</p>`]),
    ...paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`),
    ...(button ? [`<p><a class="button" href="${escaped(button.url)}">${escaped(button.label)}</a></p>`] : []),
    `<p class="footer">${escaped(footer)}</p>`,
  ].join("\n");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><div class="card">
${body}
</div></body></html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
