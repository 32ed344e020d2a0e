import { useEffect, useRef } from "preact/hooks";
import { IconButton } from "../app/icon-button.tsx";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import { toast } from "../app/toasts.tsx";
import { followArrows } from "./arrows.ts";
import { DownloadDialog } from "./download-dialog.tsx";
import { HelpDialog } from "./help-dialog.tsx";
import { followKeys, type KeyAction } from "./keys.ts";
import { MenuButton, MessageMenu, openMessageMenu } from "./message-menu.tsx";
import { OutlinePanel } from "./outline-panel.tsx";
import type { Reading } from "./reading.ts";
import { SearchBar } from "./search-bar.tsx";
import "./reading.css";

const ForkDialog = lazy(async () => (await import("../fork/fork-dialog.tsx")).ForkDialog);

/** The buttons in the header of a chat, and all that they and the keys open. */
export function ReadingTools({ reading }: { reading: Reading }) {
  useEffect(
    () =>
      followKeys(
        (action) => ACTIONS[action](reading),
        () => reading.source.writing != null,
      ),
    [reading],
  );
  useEffect(() => followArrows(reading.view), [reading]);
  useEffect(() => followMessageButtons(), []);
  useEffect(() => () => reading.stop(), [reading]);
  const panel = reading.panel.value;
  const close = () => {
    reading.panel.value = "none";
  };
  return (
    <>
      <IconButton
        icon="search"
        label="Search in this chat"
        title="Search in this chat (/)"
        className="tool-wide"
        onClick={() => reading.openSearch()}
      />
      <button
        type="button"
        class="button quiet round small tool-wide"
        aria-label="Questions"
        title="Questions (o)"
        aria-expanded={panel === "outline"}
        onClick={() => ACTIONS.outline(reading)}
      >
        <Icon name="outline" />
      </button>
      <ChatMenu reading={reading} />
      {panel === "search" && <SearchBar reading={reading} />}
      {panel === "outline" && <OutlinePanel reading={reading} />}
      {panel === "help" && <HelpDialog writes={reading.source.writing != null} onClose={close} />}
      {panel === "download" && <DownloadDialog reading={reading} onClose={close} />}
      {panel === "fork" && <ForkDialog reading={reading} onClose={close} />}
      <MessageMenu reading={reading} onFork={(row) => forkFrom(reading, row)} />
    </>
  );
}

/** Everything that there is a key for, and the rest, by name. */
function ChatMenu({ reading }: { reading: Reading }) {
  const menu = useRef<HTMLDivElement>(null);
  const choose = (work: () => void) => () => {
    menu.current?.hidePopover();
    work();
  };
  return (
    <>
      <button
        type="button"
        class="button quiet round small"
        popovertarget="chat-menu"
        aria-label="More for this chat"
        title="More for this chat"
      >
        <Icon name="more" />
      </button>
      <div ref={menu} id="chat-menu" class="menu chat-menu" popover="auto" role="dialog" aria-label="This chat">
        <MenuButton icon="search" keys="/" onClick={choose(() => reading.openSearch())}>
          Search in this chat
        </MenuButton>
        <MenuButton icon="outline" keys="o" onClick={choose(() => ACTIONS.outline(reading))}>
          Questions
        </MenuButton>
        <MenuButton icon="up" keys="g g" onClick={choose(() => reading.view.toTop())}>
          To the beginning
        </MenuButton>
        <MenuButton icon="down" keys="G" onClick={choose(() => reading.view.toEnd())}>
          To the end
        </MenuButton>
        <hr />
        {reading.source.writing && (
          <MenuButton icon="bell" onClick={choose(() => reading.source.writing?.notifications())}>
            Notifications and read marks…
          </MenuButton>
        )}
        {reading.source.fork && (
          <MenuButton icon="copy" onClick={choose(() => forkFrom(reading, null))}>
            Continue in a chat of your own…
          </MenuButton>
        )}
        <MenuButton icon="download" onClick={choose(() => open(reading, "download"))}>
          Download…
        </MenuButton>
        <MenuButton icon="print" onClick={choose(() => void printChat(reading))}>
          Print…
        </MenuButton>
        <MenuButton icon="keyboard" keys="?" onClick={choose(() => open(reading, "help"))}>
          Keyboard shortcuts
        </MenuButton>
      </div>
    </>
  );
}

/** What is not here yet is fetched first: a browser that prints waits for nothing. */
async function printChat({ view, source }: Reading): Promise<void> {
  const { first, last } = view.printable;
  try {
    await source.load?.(first, last);
  } catch {
    toast("Not all messages could be loaded. Please check your connection and try again.");
    return;
  }
  requestAnimationFrame(() => print());
}

function forkFrom(reading: Reading, row: number | null): void {
  reading.branch.value = row;
  open(reading, "fork");
}

function open(reading: Reading, panel: "download" | "help" | "outline" | "fork"): void {
  if (reading.panel.value === "search") reading.closeSearch({ goBack: false });
  reading.panel.value = panel;
}

const ACTIONS: Record<KeyAction, (reading: Reading) => void> = {
  search: (reading) => reading.openSearch(),
  next: ({ view }) => {
    const row = view.focused === null ? view.rowBeside(view.current.value - 1, 1) : view.rowBeside(view.focused, 1);
    if (row !== null) view.show(row, { focus: true });
  },
  previous: ({ view }) => {
    const row = view.rowBeside(view.focused ?? view.current.value, -1);
    if (row !== null) view.show(row, { focus: true });
  },
  start: ({ view }) => view.toTop(),
  end: ({ view }) => view.toEnd(),
  nextMatch: (reading) => reading.go(1),
  previousMatch: (reading) => reading.go(-1),
  outline: (reading) => {
    if (reading.panel.value === "outline") reading.panel.value = "none";
    else open(reading, "outline");
  },
  help: (reading) => open(reading, "help"),
  reply: (reading) => onFocused(reading, (id) => reading.source.writing?.reply(id)),
  edit: (reading) => onFocused(reading, (id) => reading.source.writing?.edit(id)),
  react: (reading) => onFocused(reading, (id) => reading.source.writing?.react(id)),
  write: ({ source }) => source.writing?.write(),
};

/** With the message that has the focus; without one, the newest gets it, so that one sees what a key is about. */
function onFocused({ view, source }: Reading, act: (id: string) => void): void {
  const { focused } = view;
  const message = focused === null ? null : source.at(focused);
  if (message) act(message.id);
  else if (focused === null) view.focusLast();
}

/** The messages' own buttons are there before this code is. */
function followMessageButtons(): () => void {
  const onClick = ({ target }: MouseEvent) => {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-message-menu]") : null;
    const row = button?.closest<HTMLElement>("[data-row]")?.dataset.row;
    if (button && row !== undefined) openMessageMenu(Number(row), button);
  };
  document.addEventListener("click", onClick);
  return () => document.removeEventListener("click", onClick);
}
