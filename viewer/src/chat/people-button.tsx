import type { Person, ShareClient } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { complain } from "../app/complain.ts";
import { confirmed } from "../app/confirm.tsx";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import { go } from "../app/navigation.ts";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { ComparedMarks } from "../people/compared-marks.ts";
import { PersonRow } from "../people/person-row.tsx";
import type { RoomModel } from "./room-model.ts";
import "../people/people.css";

const ProfileDialog = lazy(async () => (await import("../group/profile-dialog.tsx")).ProfileDialog);
const CompareDialog = lazy(async () => (await import("../people/compare-dialog.tsx")).CompareDialog);

/** Who is here: a count, and the list behind it. */
export function PeopleButton({ model }: { model: RoomModel }) {
  const { people, me } = model.state.value;
  const [comparing, setComparing] = useState<Person | null>(null);
  const [profiling, setProfiling] = useState(false);
  const marks = useMarks(model);
  const { client } = useSession();
  const present = people.filter((person) => person.present).length;
  const label = `People: ${people.length}, here now: ${present}`;
  return (
    <div class="people">
      <button type="button" class="button small" popovertarget="people-list" aria-label={label} title={label}>
        <Icon name="people" />
        {present > 0 && <span class="dot" />}
        {people.length}
      </button>
      <div id="people-list" class="popover" popover="auto" role="dialog" aria-label="People">
        <h2>People</h2>
        <ul>
          {people.map((person) => (
            <PersonRow
              key={person.sender}
              person={person}
              isMe={person.sender === me}
              marks={marks}
              onCompare={setComparing}
            />
          ))}
        </ul>
        {me !== null && model.state.value.named && (
          <button type="button" class="button small own-profile" onClick={() => setProfiling(true)}>
            <Icon name="pencil" />
            Change my name or colour
          </button>
        )}
        {model.role === "member" && (
          <button type="button" class="button small own-profile" onClick={() => void leaveChat(model, client)}>
            Leave this chat
          </button>
        )}
      </div>
      {profiling && <ProfileDialog model={model} onClose={() => setProfiling(false)} />}
      {comparing && marks && <CompareDialog person={comparing} marks={marks} onClose={() => setComparing(null)} />}
    </div>
  );
}

/** For good as far as this device goes: it forgets the chat's keys, too. */
async function leaveChat({ room }: RoomModel, client: ShareClient): Promise<void> {
  const yes = await confirmed({
    title: "Leave this chat?",
    text: "You can’t read or write in it any more, and this device forgets its keys. What you wrote stays there. With its link you can come back, as long as the link works for you.",
    yes: "Leave",
    danger: true,
  });
  if (!yes) return;
  // First, so that nobody is told on this screen that their access has ended.
  go("");
  try {
    await client.leave(room.chat);
    toast("You have left the chat.");
  } catch (error) {
    complain(error);
  }
}

/** Null until they are loaded, and where nobody writes. */
function useMarks({ me }: RoomModel): ComparedMarks | null {
  const { client } = useSession();
  const [marks, setMarks] = useState<ComparedMarks | null>(null);
  useEffect(() => {
    if (me) ComparedMarks.of(client, me).then(setMarks, reportError);
  }, [client, me]);
  return marks;
}
