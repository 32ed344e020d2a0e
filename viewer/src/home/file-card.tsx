import type { KnownEmbed } from "@openmates-share/client";
import { confirmed } from "../app/confirm.tsx";
import { shortTime } from "../app/dates.ts";
import { IconButton } from "../app/icon-button.tsx";
import { Icon } from "../app/icons.tsx";
import { embedFragment } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { useTask } from "../app/use-task.ts";
import { fileSize, kindOf, safeFileName } from "../embed/file-names.ts";
import { Card } from "./card.tsx";

/** A file or picture with a link of its own: one's own, whose links its page shows, or one whose link was opened here. */
export function FileCard({ file, reload }: { file: KnownEmbed; reload: () => Promise<void> }) {
  const { client } = useSession();
  const { run } = useTask({ says: "toast" });
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
    <Card
      href={embedFragment(file.embed)}
      title={name}
      facts={
        <>
          <span class={file.owner ? "mark shared" : "mark"}>
            <Icon name={file.owner ? "link" : "eye"} />
            {file.owner ? "Shared by you" : "To read"}
          </span>
          <span>
            {kindOf(file.type)} · {fileSize(file.size)} · {shortTime(file.openedAt)}
          </span>
        </>
      }
    >
      {!file.owner && (
        <IconButton icon="trash" label={`Forget “${name}”`} title="Forget" big onClick={() => run(forget)} />
      )}
    </Card>
  );
}
