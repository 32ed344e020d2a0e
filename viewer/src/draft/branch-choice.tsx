import type { BranchSummary } from "@openmates-share/importers";
import { Choices } from "../app/choices.tsx";
import { counted, mediumTime } from "../app/dates.ts";

/** The versions of a conversation: the one that was on screen, and those that were left for it. */
export function BranchChoice(props: {
  branches: readonly BranchSummary[];
  chosen: string | null;
  total: number;
  onChoose: (branch: string | null) => void;
}) {
  const { branches, chosen, total, onChoose } = props;
  if (branches.length === 0) return null;
  return (
    <details class="branches" open={chosen !== null}>
      <summary>
        {branches.length === 1
          ? "1 other version of this conversation"
          : `${branches.length} other versions of this conversation`}
      </summary>
      <Choices
        legend={<span class="unseen">Version</span>}
        options={[
          { value: null, name: "As it was on screen", hint: counted(total, "message") },
          ...branches.map((branch) => ({
            value: branch.id,
            name: <span dir="auto">{branch.words || "Another answer"}</span>,
            hint: factsOf(branch),
          })),
        ]}
        value={chosen}
        onChange={onChoose}
      />
    </details>
  );
}

function factsOf({ after, messageCount, time }: BranchSummary): string {
  const differs = after === 0 ? "Differs from the beginning" : `Differs after message ${after}`;
  const facts = [differs, `${counted(messageCount, "message")} of its own`];
  if (time !== null) facts.push(mediumTime(time));
  return facts.join(" · ");
}
