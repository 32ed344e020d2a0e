import type { Account } from "@openmates-share/client";
import { useRef, useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { FileInput } from "../app/file-input.tsx";
import { toast } from "../app/toasts.tsx";
import { saveFile } from "../embed/save-file.ts";
import { PassphraseForm } from "./passphrase-form.tsx";

/** The encrypted file, for people who do not sync, and for a drawer. */
export function KeysSection({ account }: { account: Account }) {
  const picker = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState<"export" | File | null>(null);
  const close = () => setOpen(null);
  const save = async (passphrase: string) => {
    const sealed = await account.exportKeys(passphrase);
    saveFile(new Blob([sealed]), `openmates-share-${new Date().toISOString().slice(0, 10)}.omskeys`);
    toast("Your keys are in your downloads. Keep the file and its passphrase apart.");
    close();
  };
  const read = async (file: File, passphrase: string) => {
    const sealed = new Uint8Array(await file.arrayBuffer());
    const { added, conflicts } = await account.importKeys({ sealed, passphrase });
    const kept = conflicts.length === 0 ? "" : ` ${counted(conflicts.length, "chat")} kept the keys they had.`;
    toast(`${counted(added, "chat")} came new.${kept}`);
    close();
  };
  return (
    <section class="panel" aria-labelledby="keys-title">
      <h2 id="keys-title">A copy of your keys</h2>
      <p>
        The keys of your chats are in this browser. Without sync or a copy, clearing its data loses them for good:
        shared chats go on, but you can no longer open, change or end them from here.
      </p>
      {open === "export" && (
        <PassphraseForm
          label="Passphrase for the file"
          button="Save the file"
          working="Locking your keys…"
          fresh
          run={save}
          onCancel={close}
        />
      )}
      {open instanceof File && (
        <PassphraseForm
          label={`Passphrase of ${open.name}`}
          button="Add its keys"
          working="Unlocking…"
          fresh={false}
          run={(passphrase) => read(open, passphrase)}
          onCancel={close}
        />
      )}
      {open === null && (
        <div class="row">
          <button type="button" class="button" onClick={() => setOpen("export")}>
            Export keys
          </button>
          <button type="button" class="button" onClick={() => picker.current?.click()}>
            Import keys
          </button>
        </div>
      )}
      <FileInput
        inputRef={picker}
        label="File of exported keys"
        accept=".omskeys"
        onFiles={([file]) => setOpen(file ?? null)}
      />
    </section>
  );
}
