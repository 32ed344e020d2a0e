import { batch, signal } from "@preact/signals";
import { go } from "../app/navigation.ts";
import type { Drafts } from "../storage/drafts.ts";
import type { FileReading } from "./file-reader.ts";
import type { ReaderRequest } from "./reader-messages.ts";

/** How far taking something in has come. */
export type Intake =
  | { readonly state: "idle" }
  /** `share`: of the file, 0 to 1; null when it can't be told. */
  | { readonly state: "reading"; readonly name: string; readonly share: number | null }
  | { readonly state: "failed"; readonly name: string; readonly sentence: string }
  | { readonly state: "choosing"; readonly name: string; readonly reading: FileReading };

export const intake = signal<Intake>({ state: "idle" });
let current = 0;

/** A file was dropped or chosen: on to reading it, or to the list when it holds several conversations. */
export async function takeFile(file: File, drafts: Drafts): Promise<void> {
  await take({ name: file.name, request: { type: "file", file } }, drafts);
}

export async function takeText(text: string, drafts: Drafts): Promise<void> {
  await take({ name: "Pasted text", request: { type: "text", text } }, drafts);
}

/** Keeps one conversation of the file as a draft and shows it. */
export async function choose(
  index: number,
  { reading, drafts }: { reading: FileReading; drafts: Drafts },
): Promise<void> {
  const draft = await drafts.add(await reading.pick(index));
  go(`#draft=${draft.id}`);
}

export function dismissIntake(): void {
  current += 1;
  const { value } = intake;
  if (value.state === "choosing") value.reading.stop();
  intake.value = { state: "idle" };
}

async function take(
  { name, request }: { name: string; request: Exclude<ReaderRequest, { type: "pick" }> },
  drafts: Drafts,
): Promise<void> {
  dismissIntake();
  const turn = current;
  intake.value = { state: "reading", name, share: null };
  try {
    const { FileReading } = await import("./file-reader.ts");
    const reading = await FileReading.start(request, (share) => {
      if (turn === current) intake.value = { state: "reading", name, share };
    });
    if (turn !== current) return reading.stop();
    await showWhatIsThere({ name, reading, drafts });
  } catch (error) {
    if (turn === current) intake.value = { state: "failed", name, sentence: sentence(error) };
  }
}

async function showWhatIsThere({
  name,
  reading,
  drafts,
}: {
  name: string;
  reading: FileReading;
  drafts: Drafts;
}): Promise<void> {
  if (reading.choices.length > 1) {
    batch(() => {
      intake.value = { state: "choosing", name, reading };
      go("#import");
    });
    return;
  }
  await choose(0, { reading, drafts });
  reading.stop();
  intake.value = { state: "idle" };
}

function sentence(error: unknown): string {
  if (error instanceof Error && error.name === "UnreadableFile") return error.message;
  reportError(error);
  return "This could not be imported. Please reload the page and try again.";
}
