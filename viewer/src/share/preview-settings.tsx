import { CATEGORIES, type Category, categoryName, LIMITS, type Preview } from "@openmates-share/client";
import { useId } from "preact/hooks";
import { Check } from "../app/check.tsx";
import { TextField } from "../app/text-field.tsx";
import { PreviewCardView } from "./preview-card.tsx";

/** What a card may show; `shown` false: the generic one. */
export interface PreviewSettings {
  readonly shown: boolean;
  readonly title: string;
  readonly summary: string;
  readonly category: Category;
}

export function previewOf({ shown, title, summary, category }: PreviewSettings): Preview | null {
  if (!shown) return null;
  return { title: title.trim() || "A shared chat", summary: summary.trim(), category };
}

/** Title and summary are the one thing that a server may know, so the owner says so, and sees the card first. */
export function PreviewChoice(props: {
  settings: PreviewSettings;
  hasPassword: boolean;
  onChange: (settings: PreviewSettings) => void;
}) {
  const { settings, hasPassword, onChange } = props;
  return (
    <details class="fold">
      <summary>
        Preview card{" "}
        <span class="fold-now">{settings.shown ? "shows title and summary" : "says nothing about the chat"}</span>
      </summary>
      <div class="stack">
        <Check checked={settings.shown} onChange={(shown) => onChange({ ...settings, shown })}>
          Show title and summary where the link is posted
        </Check>
        <p class="hint">
          {settings.shown
            ? "The server then knows this title and summary, and anyone who sees the link can read them, without the password too."
            : "The card only says that there is an encrypted chat. Title and summary stay encrypted."}
        </p>
        {settings.shown && hasPassword && <p class="sentence private">The password does not protect the card.</p>}
        {settings.shown && <CardFields settings={settings} onChange={onChange} />}
        <div class="card-as-is">
          <p class="label">As it will look</p>
          <PreviewCardView preview={previewOf(settings)} />
        </div>
      </div>
    </details>
  );
}

function CardFields(props: { settings: PreviewSettings; onChange: (settings: PreviewSettings) => void }) {
  const { settings, onChange } = props;
  const id = useId();
  return (
    <>
      <TextField
        label="Title on the card"
        value={settings.title}
        maxLength={LIMITS.previewTitle}
        onInput={(title) => onChange({ ...settings, title })}
      />
      <div class="field">
        <label for={`${id}-summary`}>Summary</label>
        <textarea
          id={`${id}-summary`}
          class="input"
          rows={2}
          value={settings.summary}
          maxLength={LIMITS.previewSummary}
          dir="auto"
          onInput={({ currentTarget }) => onChange({ ...settings, summary: currentTarget.value })}
        />
      </div>
      <div class="field">
        <label for={`${id}-category`}>Category</label>
        <select
          id={`${id}-category`}
          class="input"
          value={settings.category}
          onChange={({ currentTarget: { value } }) => {
            const category = CATEGORIES.find((known) => known === value);
            if (category) onChange({ ...settings, category });
          }}
        >
          {CATEGORIES.map((category) => (
            <option key={category} value={category}>
              {categoryName(category)}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}
