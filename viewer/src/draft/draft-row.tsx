import type { ComponentChildren } from "preact";

/** A message of a draft, with the choice whether it is shared. */
export function DraftRow(props: {
  index: number;
  /** Of all of them. */
  last: boolean;
  speaker: string;
  leftOut: boolean;
  choosing: boolean;
  /** `range` from the last one that was chosen. */
  onToggle: (range: boolean) => void;
  onLeaveOut: (which: "before" | "behind") => void;
  children: ComponentChildren;
}) {
  const { index, last, speaker, leftOut, choosing, onToggle, onLeaveOut, children } = props;
  const classes = ["draft-row", leftOut && "left-out"].filter(Boolean).join(" ");
  return (
    <div class={classes}>
      {choosing && (
        <div class="draft-choice">
          <label class="check">
            <input
              type="checkbox"
              checked={!leftOut}
              onClick={(event) => {
                onToggle(event.shiftKey);
              }}
            />
            <span>
              Share message {(index + 1).toLocaleString()}
              <span class="unseen"> by {speaker}</span>
            </span>
          </label>
          {index > 0 && (
            <button type="button" class="text-button" onClick={() => onLeaveOut("before")}>
              Leave out all before
            </button>
          )}
          {!last && (
            <button type="button" class="text-button" onClick={() => onLeaveOut("behind")}>
              Leave out all after
            </button>
          )}
        </div>
      )}
      {!choosing && leftOut && <p class="hint left-out-note">Not shared</p>}
      {children}
    </div>
  );
}
