import type { KnownEmbed } from "@openmates-share/client";
import { complain } from "../app/complain.ts";
import { confirmed } from "../app/confirm.tsx";
import { shortTime } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import { embedFragment } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { fileSize, kindOf, safeFileName } from "../embed/file-names.ts";

/** A file or picture with a link of its own: one's own, whose links its page shows, or one whose link was opened here. */
export function FileCard({ file, reload }: { file: KnownEmbed; reload: () => Promise<void> }) {
  const { client } = useSession();
  const name = safeFileName(file.name);
  const forget = async () => {
    const yes = await confirmed({
      title: "Forget this file?",
      text: `This browser drops its key for “${name}”. You can come back with the link, if you still have it.`,
      yes: "Forget",
      danger: true,
    });
    if (!yes) return;
    await (await client.embeds()).forget(file.embed);
    await reload();
    toast("The file was forgotten.");
  };
  return (
    <li class="card">
      <a class="card-link" href={embedFragment(file.embed)}>
        <span class="card-title" dir="auto">
          {name}
        </span>
        <span class="hint card-facts">
          <span class={file.owner ? "mark shared" : "mark"}>
            <Icon name={file.owner ? "link" : "eye"} />
            {file.owner ? "Shared by you" : "To read"}
          </span>
          <span>
            {kindOf(file.type)} · {fileSize(file.size)} · {shortTime(file.openedAt)}
          </span>
        </span>
      </a>
      {!file.owner && (
        <button
          type="button"
          class="button quiet round"
          aria-label={`Forget “${name}”`}
          title="Forget"
          onClick={() => void forget().catch(complain)}
        >
          <Icon name="trash" />
        </button>
      )}
    </li>
  );
}
