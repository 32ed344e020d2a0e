import type { Person, Safety } from "@openmates-share/client";
import { useCallback } from "preact/hooks";
import { mediumTime } from "../app/dates.ts";
import { Dialog, DialogFoot } from "../app/dialog.tsx";
import { Icon } from "../app/icons.tsx";
import { ProblemLine } from "../app/problem-line.tsx";
import { useLoaded } from "../app/use-loaded.ts";
import { QrCode } from "../share/qr-code.tsx";
import type { ComparedMarks } from "./compared-marks.ts";
import "../styles/share.css";
import "./people.css";

/** The safety number of this person and another, to be compared with what the other one sees. */
export function CompareDialog(props: { person: Person; marks: ComparedMarks; onClose: () => void }) {
  const { person, marks, onClose } = props;
  const { name, sender } = person;
  const at = marks.compared.value.get(sender) ?? null;
  return (
    <Dialog title={`Compare with ${name}`} onClose={onClose}>
      <div class="stack">
        <Warning person={person} marks={marks} />
        <p>
          Meet <b dir="auto">{name}</b>, or call them on a line you trust. Have them open this chat, choose you under
          “People” and read their number to you. If it is this one, nobody stands between you.
        </p>
        <Numbers safety={marks.safety} me={marks.me} person={person} />
        <p class="hint">
          The mark stays on this device. It is for the key that {name} writes with now: with another key it is gone.
        </p>
        {at === null ? (
          <DialogFoot>
            <button type="button" class="button" onClick={onClose}>
              Not now
            </button>
            <button type="button" class="button primary" onClick={() => void marks.mark(sender)}>
              <Icon name="check" />
              The numbers match
            </button>
          </DialogFoot>
        ) : (
          <div class="row between dialog-foot">
            <p class="compared" role="status">
              <Icon name="sealed" /> Compared on {mediumTime(at)}
            </p>
            <button type="button" class="button small" onClick={() => void marks.unmark(sender)}>
              Remove the mark
            </button>
          </div>
        )}
      </div>
    </Dialog>
  );
}

/** What one should know before one compares with somebody whose name others bear too. */
function Warning({ person, marks }: { person: Person; marks: ComparedMarks }) {
  const { namesake, name } = person;
  if (!namesake) return null;
  const knows = marks.hasComparedNamesake(person);
  return (
    <p class="sentence bad">
      {knows
        ? `You have compared another ${name}, and this is not the same key. It may be a new device of theirs, or somebody else under their name.`
        : `${namesake.all.length} people write here as ${name}, each with another key: they may be devices of one person, or somebody else under that name.`}
    </p>
  );
}

function Numbers({ safety, me, person }: { safety: Safety; me: ComparedMarks["me"]; person: Person }) {
  const { sender, name } = person;
  const { value: groups, problem } = useLoaded(useCallback(() => safety.number(me, sender), [safety, me, sender]));
  if (problem) return <ProblemLine problem={problem} />;
  if (!groups) return <p class="hint">Calculating…</p>;
  return (
    <div class="safety">
      <ol class="safety-number" aria-label={`Safety number with ${name}`}>
        {groups.map((group, index) => (
          <li key={`${index}-${group}`}>{group}</li>
        ))}
      </ol>
      <QrCode text={groups.join(" ")} label="The same number as a QR code: a camera shows its digits" />
    </div>
  );
}
