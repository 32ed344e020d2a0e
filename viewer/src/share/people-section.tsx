import type { MemberSummary, OwnedLink } from "@openmates-share/client";
import { mediumTime } from "../app/dates.ts";
import type { RoomModel } from "../chat/room-model.ts";
import { nameOfLink } from "./taking-away.ts";

/** Who takes part, by which link, and the way to end that. */
export function PeopleSection(props: {
  model: RoomModel;
  people: readonly MemberSummary[];
  links: readonly OwnedLink[];
  onRemove: (person: MemberSummary) => void;
  onHandOver: (person: MemberSummary) => void;
}) {
  const { model, people, links, onRemove, onHandOver } = props;
  if (people.length === 0) return null;
  return (
    <section class="stack tight" aria-labelledby="people-title">
      <h3 id="people-title">People who take part</h3>
      <ul class="links">
        {people.map((person) => {
          const name = model.nameOf(person.sender);
          const link = links.find((one) => one.link === person.link);
          const named = model.people.value.some((one) => one.sender === person.sender && one.named);
          return (
            <li key={person.sender} class="link-row person">
              <div>
                <b class="long">
                  <bdi>{name}</bdi>
                </b>
                <p class="hint long">
                  Joined {mediumTime(person.joinedAt)}
                  {link && (
                    <>
                      {" "}
                      by “<bdi>{nameOfLink(link)}</bdi>”
                    </>
                  )}
                  {!named && ". Has not come in under a name yet; the chat can be handed over to them when they have."}
                </p>
              </div>
              <div class="row">
                <button
                  type="button"
                  class="button small"
                  aria-label={`Hand over to ${name}`}
                  disabled={!named}
                  onClick={() => onHandOver(person)}
                >
                  Hand over
                </button>
                <button
                  type="button"
                  class="button small"
                  aria-label={`Remove ${name}`}
                  onClick={() => onRemove(person)}
                >
                  Remove
                </button>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
