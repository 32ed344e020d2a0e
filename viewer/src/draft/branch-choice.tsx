import type { BranchSummary } from "@openmates-share/importers";
import { useId } from "preact/hooks";
import { counted, mediumTime } from "../app/dates.ts";

/** The versions of a conversation: the one that was on screen, and those that were left for it. */
export function BranchChoice(props: {
  branches: readonly BranchSummary[];
  chosen: string | null;
  total: number;
  onChoose: (branch: string | null) => void;
}) {
  const { branches, chosen, total, onChoose } = props;
  const name = useId();
  if (branches.length === 0) return null;
  return (
    <details class="branches" open={chosen !== null}>
      <summary>
        {branches.length === 1
          ? "1 other version of this conversation"
          : `${branches.length} other versions of this conversation`}
      </summary>
      <fieldset class="group">
        <legend class="unseen">Version</legend>
        <label class="choice">
          <input type="radio" name={name} checked={chosen === null} onChange={() => onChoose(null)} />
          <b>As it was on screen</b>
          <span>{counted(total, "message")}</span>
        </label>
        {branches.map(({ id, after, messageCount, time, words }) => (
          <label key={id} class="choice">
            <input type="radio" name={name} checked={chosen === id} onChange={() => onChoose(id)} />
            <b dir="auto">{words || "Another answer"}</b>
            <span>
              {after === 0 ? "Differs from the beginning" : `Differs after message ${after}`} ·{" "}
              {counted(messageCount, "message")} of its own
              {time !== null && ` · ${mediumTime(time)}`}
            </span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}
