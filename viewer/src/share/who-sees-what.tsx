import type { LinkMode } from "@openmates-share/client";

/** Who can see what, from what is really set. */
export function WhoSeesWhat(props: { modes: readonly LinkMode[]; password: boolean; preview: boolean }) {
  const { modes, password, preview } = props;
  const key = password ? "the link and the password" : "the link";
  const rows: [string, string][] = [["You", "Everything"]];
  if (modes.includes("read-only"))
    rows.push([`People with ${key} to read`, "The shared part: what is there until you share or update"]);
  if (modes.includes("collaborative"))
    rows.push([`People with ${key} to write together`, "Everything, also what is written later"]);
  rows.push(["OpenMates, when someone mentions it", "The messages shown before sending, while it answers"]);
  rows.push([
    "The server",
    `${preview ? "The card’s title and summary, sizes and times." : "Sizes and times."} No message, no key, no password`,
  ]);
  rows.push([
    "Everyone else, with the address but no key",
    preview ? "The card" : "That there may be an encrypted chat",
  ]);
  return (
    <details class="who">
      <summary>Who can see what</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Sees</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([who, what]) => (
            <tr key={who}>
              <th scope="row">{who}</th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
