import { Check } from "../app/check.tsx";
import { Dialog } from "../app/dialog.tsx";
import { KEYS, keysOn, setKeys } from "./keys.ts";

/** Which keys do what, and the switch that turns them off. */
export function HelpDialog({ writes, onClose }: { writes: boolean; onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <table class="keys">
        <thead class="unseen">
          <tr>
            <th scope="col">Keys</th>
            <th scope="col">What they do</th>
          </tr>
        </thead>
        <tbody>
          {KEYS.filter(({ writing }) => writes || !writing).map(({ keys, says }) => (
            <tr key={says}>
              <td>
                {keys.map((key, index) => (
                  <kbd key={index}>{key === "G" || key === "N" ? `Shift ${key}` : key}</kbd>
                ))}
              </td>
              <td>{says}</td>
            </tr>
          ))}
          <tr>
            <td>
              <kbd aria-label="Up">↑</kbd>
              <kbd aria-label="Down">↓</kbd>
            </td>
            <td>On a message: to the one before or behind it</td>
          </tr>
          {writes && <WritingKeyRows />}
          <tr>
            <td>
              <kbd>Enter</kbd>
            </td>
            <td>In the search: next match, with Shift the previous one</td>
          </tr>
          <tr>
            <td>
              <kbd>Esc</kbd>
            </td>
            <td>In the search: back to where you were</td>
          </tr>
        </tbody>
      </table>
      <Check checked={keysOn.value} onChange={setKeys}>
        Use these keys. They never work while you type.
      </Check>
    </Dialog>
  );
}

/** What keys do where one writes, which are no single letters. */
function WritingKeyRows() {
  return (
    <>
      <tr>
        <td>
          <kbd aria-label="Up">↑</kbd>
        </td>
        <td>In an empty message: edit the last one you wrote</td>
      </tr>
      <tr>
        <td>
          <kbd>Esc</kbd>
        </td>
        <td>While you write: to the messages</td>
      </tr>
    </>
  );
}
