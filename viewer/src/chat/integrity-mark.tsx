import type { Integrity, Role } from "@openmates-share/client";
import { mediumTime } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";

/** Quiet when all is well, and loud when it is not: what is shown is then not what the owner shared. */
export function IntegrityMark({ integrity, role }: { integrity: Integrity; role: Role }) {
  switch (integrity.state) {
    case "checking":
      return <p class="integrity">Checking that nothing is missing …</p>;
    case "unsealed":
      return null;
    case "sealed":
      return (
        <p class="integrity good">
          <Icon name="sealed" />
          <span>
            {role === "member"
              ? "Complete and unaltered up to the owner’s seal of "
              : "Complete and unaltered, sealed by "}
            {role === "owner" && "you on "}
            {role === "reader" && "the owner on "}
            <time dateTime={new Date(integrity.time).toISOString()}>{mediumTime(integrity.time)}</time>
          </span>
        </p>
      );
    case "violated":
      return (
        <div class="integrity bad" role="alert">
          <Icon name="alert" />
          <div>
            <b>This is not what was shared. Don’t rely on it.</b>
            <p>{integrity.message}</p>
            <p>Please tell the person who sent you the link, by another way than this chat.</p>
          </div>
        </div>
      );
  }
}
