import type { OpenedEmbed } from "@openmates-share/client";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { mediumTime } from "../app/dates.ts";
import { ChatHeader } from "../app/header.tsx";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import { Page } from "../app/page.tsx";
import { ProblemScreen } from "../app/problem.tsx";
import type { Route } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { PasswordForm } from "../chat/password-form.tsx";
import { DownloadButton } from "./download-button.tsx";
import { EmbedOpening } from "./embed-opening.ts";
import { fileSize, kindOf, safeFileName } from "./file-names.ts";
import { ImageView } from "./image-view.tsx";
import { isReadable, TextView } from "./text-view.tsx";
import "../styles/embed.css";

const ShareEmbedDialog = lazy(async () => (await import("./share-embed-dialog.tsx")).ShareEmbedDialog);

/** One shared thing on a page of its own. */
export function EmbedScreen({ route }: { route: Extract<Route, { screen: "embed" }> }) {
  const session = useSession();
  const opening = useMemo(() => new EmbedOpening({ session, embed: route.embed, link: route.link }), [session, route]);
  useEffect(() => {
    opening.start();
    return () => opening.stop();
  }, [opening]);
  const now = opening.state.value;
  switch (now.state) {
    case "opening":
      return (
        <Page>
          <p class="embed-opening hint" role="status">
            Opening what was shared …
          </p>
        </Page>
      );
    case "locked":
      return (
        <PasswordForm
          title="This needs a password"
          openLabel="Open"
          busy={now.busy}
          sentence={now.sentence}
          onPassword={(password) => opening.unlock(password)}
        />
      );
    case "problem":
      return (
        <ProblemScreen problem={now.problem}>
          {now.problem.retryable && (
            <button type="button" class="button primary" onClick={() => opening.retry()}>
              Try again now
            </button>
          )}
        </ProblemScreen>
      );
    case "open":
      return <EmbedView embed={now.embed} />;
  }
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
              Share…
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
