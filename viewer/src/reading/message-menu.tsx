import { messageText } from "@openmates-share/client";
import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { copyText } from "../app/copy.tsx";
import { Icon, type IconName } from "../app/icons.tsx";
import { announce, toast } from "../app/toasts.tsx";
import { useAnchored } from "../app/use-anchored.ts";
import { plainText } from "./plain-text.ts";
import type { Reading } from "./reading.ts";
import type { SpokenMessage } from "./reading-source.ts";

/** The message whose menu is open, and the button that opened it. One menu for all: a chat has thousands of messages. */
const open = signal<{ readonly row: number; readonly button: HTMLElement } | null>(null);

export function openMessageMenu(row: number, button: HTMLElement): void {
  open.value = { row, button };
}

/** What can be done with one message. */
export function MessageMenu({ reading, onFork }: { reading: Reading; onFork: (row: number) => void }) {
  const now = open.value;
  const message = now && reading.source.at(now.row);
  if (!now || !message) return null;
  return <OpenMenu key={now.row} reading={reading} message={message} button={now.button} onFork={onFork} />;
}

function OpenMenu(props: {
  reading: Reading;
  message: SpokenMessage;
  button: HTMLElement;
  onFork: (row: number) => void;
}) {
  const { reading, message, button, onFork } = props;
  const menu = useRef<HTMLDivElement>(null);
  useAnchored(menu, { anchor: button, onClose: closed });
  const act = (work: () => void | Promise<void>) => () => {
    menu.current?.hidePopover();
    void work();
  };
  const { linkTo, changesTo, fork, listReactions } = reading.source;
  const list = listReactions?.(message.id);
  const { edit = null, remove = null, withhold = null } = changesTo?.(message.id) ?? {};
  return (
    <div ref={menu} class="menu" popover="auto" role="dialog" aria-label={`Message of ${message.speaker}`}>
      <MenuButton icon="copy" onClick={act(() => copy(messageText(message), "Copied as Markdown"))}>
        Copy as Markdown
      </MenuButton>
      <MenuButton icon="file" onClick={act(() => copy(plainText(messageText(message)), "Copied as plain text"))}>
        Copy as plain text
      </MenuButton>
      {linkTo && (
        <MenuButton icon="link" onClick={act(() => copyLink(() => linkTo(message.id)))}>
          Copy link to this message
        </MenuButton>
      )}
      {fork && (
        <MenuButton icon="copy" onClick={act(() => onFork(message.index))}>
          Continue from here in a chat of your own…
        </MenuButton>
      )}
      {list && (
        <MenuButton icon="smile" onClick={act(list)}>
          Who reacted
        </MenuButton>
      )}
      {edit && (
        <MenuButton icon="pencil" onClick={act(edit)}>
          Edit
        </MenuButton>
      )}
      {withhold && (
        <MenuButton icon="lock" onClick={act(withhold.run)}>
          {withhold.label}
        </MenuButton>
      )}
      {remove && (
        <MenuButton icon="trash" onClick={act(remove.run)}>
          {remove.label}
        </MenuButton>
      )}
    </div>
  );
}

export function MenuButton(props: { icon: IconName; keys?: string; onClick: () => void; children: string }) {
  const { icon, keys, onClick, children } = props;
  return (
    <button type="button" class="menu-button" onClick={onClick}>
      <Icon name={icon} />
      <span>{children}</span>
      {keys && (
        <span aria-hidden="true">
          <kbd>{keys}</kbd>
        </span>
      )}
    </button>
  );
}

function closed(): void {
  open.value = null;
}

async function copyLink(find: () => Promise<string | null>): Promise<void> {
  try {
    const link = await find();
    if (link === null) toast("There is no link yet that others could open. Share the chat first.");
    else await copy(link, "Link copied. Whoever has it can read this chat.");
  } catch {
    toast("The link could not be made. Please check your connection and try again.");
  }
}

async function copy(text: string, said: string): Promise<void> {
  if (await copyText(text)) {
    toast(said);
    announce(said);
  } else toast("Your browser did not allow copying. Please select the text and copy it yourself.");
}
