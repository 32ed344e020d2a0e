import { Dialog } from "../app/dialog.tsx";
import { KEYS, keysOn, setKeys } from "./keys.ts";

/** Which keys do what, and the switch that turns them off. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
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
          {KEYS.map(({ keys, says }) => (
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
      <label class="check">
        <input
          type="checkbox"
          checked={keysOn.value}
          onChange={({ currentTarget }) => setKeys(currentTarget.checked)}
        />
        <span>Use these keys. They never work while you type.</span>
      </label>
    </Dialog>
  );
}
