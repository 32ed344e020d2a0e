import type { Conversation } from "@openmates-share/client";
import type { ImportProgress } from "@openmates-share/importers";
import { batch, signal } from "@preact/signals";
import { go } from "../app/navigation.ts";
import { toast } from "../app/toasts.tsx";
import type { DraftBranch, Drafts } from "../storage/drafts.ts";
import type { FileReading } from "./file-reader.ts";

/** How far taking something in has come. */
export type Intake =
  | { readonly state: "idle" }
  | { readonly state: "reading"; readonly name: string; readonly progress: ImportProgress | null }
  | { readonly state: "failed"; readonly name: string; readonly sentence: string }
  | { readonly state: "choosing"; readonly name: string; readonly reading: FileReading };

export const intake = signal<Intake>({ state: "idle" });
let current = new AbortController();

/** More versions of one conversation than that are not kept: they are in the file. */
const MOST_BRANCHES = 100;

/** A file was dropped or chosen: on to reading it, or to the list when it holds several conversations. */
export async function takeFile(file: File, drafts: Drafts): Promise<void> {
  await take({ name: file.name, blob: file }, drafts);
}

export async function takeText(text: string, drafts: Drafts): Promise<void> {
  await take({ name: "", blob: new Blob([text]) }, drafts);
}

/** Keeps one conversation of the file as a draft and shows it. */
export async function choose(
  index: number,
  { reading, drafts }: { reading: FileReading; drafts: Drafts },
): Promise<void> {
  const conversation = await reading.read(index);
  const draft = await drafts.add(conversation, await branchesOf(index, reading));
  go(`#draft=${draft.id}`);
}

export function dismissIntake(): void {
  current.abort();
  const { value } = intake;
  if (value.state === "choosing") value.reading.stop();
  intake.value = { state: "idle" };
}

/** Each with what it has of its own: what it begins with is in the conversation. */
async function branchesOf(index: number, reading: FileReading): Promise<DraftBranch[]> {
  const branches: DraftBranch[] = [];
  for (const summary of reading.list.conversations[index]?.branches.slice(0, MOST_BRANCHES) ?? []) {
    const { messages }: Conversation = await reading.read(index, summary.id);
    branches.push({ ...summary, messages: messages.slice(summary.after) });
  }
  return branches;
}

async function take({ name, blob }: { name: string; blob: Blob }, drafts: Drafts): Promise<void> {
  dismissIntake();
  const turn = new AbortController();
  current = turn;
  const shown = name || "Pasted text";
  intake.value = { state: "reading", name: shown, progress: null };
  try {
    const { FileReading } = await import("./file-reader.ts");
    const reading = await FileReading.start(
      { name, blob },
      {
        signal: turn.signal,
        onProgress: (progress) => {
          if (turn === current) intake.value = { state: "reading", name: shown, progress };
        },
      },
    );
    if (turn.signal.aborted) return reading.stop();
    await showWhatIsThere({ name: shown, reading, drafts });
  } catch (error) {
    if (!turn.signal.aborted) intake.value = { state: "failed", name: shown, sentence: sentence(error) };
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
  if (reading.list.conversations.length > 1) {
    batch(() => {
      intake.value = { state: "choosing", name, reading };
      go("#import");
    });
    return;
  }
  await choose(0, { reading, drafts });
  if (reading.list.flaw) toast(reading.list.flaw);
  reading.stop();
  intake.value = { state: "idle" };
}

function sentence(error: unknown): string {
  if (error instanceof Error && error.name === "UnreadableFile") return error.message;
  reportError(error);
  return "This could not be imported. Please reload the page and try again.";
}
