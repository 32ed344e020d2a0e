import type { Ancestry, RoomMessage, Standing } from "@openmates-share/client";
import { Icon } from "../app/icons.tsx";
import type { Around } from "../chat/room-model.ts";

/** What a reader is told beside a message; nothing of one that is as it was. */
const SENTENCES: Readonly<Record<Standing, string | null>> = {
  sealed: null,
  edited: "Edited in the source. The words are verified; who spoke, and when, is said by who forked this chat.",
  signed: "Verified, but written after the source was last sealed.",
  unproven: "Not verified: only who forked this chat says that this stood in the source.",
  misplaced: "Careful: this did not stand in the source where it stands here.",
};

/** What stands around the messages of a fork. */
export function standingNotes(ancestry: Ancestry): Around {
  return {
    above: () => null,
    beneath: (message) => (
      <>
        <StandingNote message={message} ancestry={ancestry} />
        {ancestry.state === "proven" && message.seq === ancestry.last && <BranchPoint />}
      </>
    ),
  };
}

function StandingNote({ message, ancestry }: { message: RoomMessage; ancestry: Ancestry }) {
  const standing = ancestry.judge(message);
  const sentence = standing && SENTENCES[standing];
  if (!sentence) return null;
  const bad = standing === "misplaced" || standing === "unproven";
  return (
    <p class={bad ? "standing bad" : "standing"}>
      <Icon name={bad ? "alert" : "copy"} />
      {sentence}
    </p>
  );
}

function BranchPoint() {
  return (
    <div class="boundary fork-end">
      <span class="boundary-label">Forked here: what follows is new</span>
    </div>
  );
}
