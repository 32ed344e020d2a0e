import { ClientError, type OpenedEmbed } from "@openmates-share/client";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { mediumTime } from "../app/dates.ts";
import { ChatHeader } from "../app/header.tsx";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import { Opening } from "../app/opening.ts";
import { OpeningScreen } from "../app/opening-screen.tsx";
import { Page } from "../app/page.tsx";
import { PROBLEMS, type Problem, problemOf } from "../app/problem.tsx";
import type { Route } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { DownloadButton } from "./download-button.tsx";
import { fileSize, kindOf, safeFileName } from "./file-names.ts";
import { ImageView } from "./image-view.tsx";
import { isReadable, TextView } from "./text-view.tsx";
import "../styles/embed.css";

const ShareEmbedDialog = lazy(async () => (await import("./share-embed-dialog.tsx")).ShareEmbedDialog);

/** One shared thing on a page of its own. */
export function EmbedScreen({ route }: { route: Extract<Route, { screen: "embed" }> }) {
  const session = useSession();
  const { embed, link } = route;
  const opening = useMemo(
    () =>
      new Opening({
        session,
        id: embed,
        link,
        open: async (by, options) =>
          by
            ? session.client.openEmbed(by, options)
            : (await session.client.embeds()).openKnown(embed, { signal: options.signal }),
        problemOf: embedProblemOf,
        close: () => {},
      }),
    [session, embed, link],
  );
  const waiting = (
    <Page>
      <p class="embed-opening hint" role="status">
        Opening what was shared…
      </p>
    </Page>
  );
  return (
    <OpeningScreen opening={opening} waiting={waiting} password={{ title: "This needs a password", open: "Open" }}>
      {(opened) => <EmbedView embed={opened} />}
    </OpeningScreen>
  );
}

/** To somebody without its key it is not there, either. */
function embedProblemOf(error: unknown): Problem {
  const gone = error instanceof ClientError && (error.code === "not_found" || error.code === "no_key");
  return gone ? PROBLEMS.embedNotFound : problemOf(error);
}

function EmbedView({ embed }: { embed: OpenedEmbed }) {
  const [sharing, setSharing] = useState(false);
  const open = useCallback(async () => embed, [embed]);
  const title = safeFileName(embed.name);
  useEffect(() => {
    const before = document.title;
    document.title = `${title} · OpenMates Share`;
    return () => {
      document.title = before;
    };
  }, [title]);
  return (
    <Page
      header={
        <ChatHeader title={title}>
          {embed.owner && (
            <button type="button" class="button small" onClick={() => setSharing(true)}>
              <Icon name="share" />
              Share
            </button>
          )}
          <DownloadButton name={embed.name} open={open} className="button primary small" />
        </ChatHeader>
      }
    >
      <article class="embed-page" aria-labelledby="embed-title">
        <header class="embed-head">
          <h1 id="embed-title" dir="auto">
            {title}
          </h1>
          <p class="hint">
            {kindOf(embed.type)} · {fileSize(embed.size)} · {mediumTime(embed.time)}
          </p>
        </header>
        <EmbedBody embed={embed} open={open} />
        <p class="embed-seal hint">
          <Icon name="sealed" /> Complete and unaltered, signed by the person who shared it. It was decrypted in your
          browser; the server can’t read it.
        </p>
      </article>
      {sharing && <ShareEmbedDialog open={open} chat={null} onClose={() => setSharing(false)} />}
    </Page>
  );
}

function EmbedBody({ embed, open }: { embed: OpenedEmbed; open: () => Promise<OpenedEmbed> }) {
  const { name, type, mediaType, width, height } = embed;
  if (type === "image" && !/svg|xml/i.test(mediaType)) {
    return <ImageView name={name} alt={safeFileName(name)} width={width} height={height} open={open} />;
  }
  if (isReadable(embed)) return <TextView embed={embed} />;
  return (
    <div class="embed-alone">
      <span class="embed-file-icon">
        <Icon name="file" />
      </span>
      <p class="hint">Files like this are not shown here. Open only files of people you trust.</p>
      <DownloadButton name={name} open={open} className="button primary" />
    </div>
  );
}
