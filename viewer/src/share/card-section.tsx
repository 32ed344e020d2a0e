import { type ChatId, LIMITS, type PreviewCard } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { Form } from "../app/form.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { useTask } from "../app/use-task.ts";
import { PreviewChoice, type PreviewSettings, previewOf } from "./preview-settings.tsx";

/** The card of a chat that is shared already. */
export function CardSection(props: { chat: ChatId; title: string; onKnown: (shown: boolean) => void }) {
  const { chat, title, onKnown } = props;
  const { client } = useSession();
  const [saved, setSaved] = useState<PreviewSettings | null>(null);
  const [settings, setSettings] = useState<PreviewSettings | null>(null);
  const task = useTask({ says: "toast" });
  useEffect(() => {
    let shown = true;
    client
      .preview(chat)
      .then((card) => {
        if (!shown) return;
        const now = settingsOf(card, title);
        setSaved(now);
        setSettings(now);
        onKnown(now.shown);
      })
      .catch(() => undefined);
    return () => {
      shown = false;
    };
  }, [client, chat, title, onKnown]);
  if (!settings) return null;
  const save = async () => {
    await client.setPreview(chat, previewOf(settings));
    setSaved(settings);
    onKnown(settings.shown);
    toast(settings.shown ? "The card shows title and summary now." : "The card shows nothing of this chat now.");
  };
  return (
    <Form task={task} onSubmit={save}>
      <PreviewChoice settings={settings} hasPassword={false} onChange={setSettings} />
      {settings !== saved && (
        <div class="row end">
          <button type="button" class="button small" disabled={task.busy} onClick={() => setSettings(saved)}>
            Undo
          </button>
          <button type="submit" class="button primary small" disabled={task.busy}>
            Save card
          </button>
        </div>
      )}
    </Form>
  );
}

function settingsOf({ generic, title, summary, category }: PreviewCard, chatTitle: string): PreviewSettings {
  if (generic) {
    return { shown: false, title: chatTitle.slice(0, LIMITS.previewTitle), summary: "", category: "general_knowledge" };
  }
  return { shown: true, title, summary, category: category ?? "general_knowledge" };
}
