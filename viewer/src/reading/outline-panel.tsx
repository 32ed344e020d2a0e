import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { Dialog } from "../app/dialog.tsx";
import { IconButton } from "../app/icon-button.tsx";
import { currentQuestion, Outline, type Question, questionsWith } from "./outline.ts";
import type { Reading } from "./reading.ts";

/** Wide enough for the outline to stand beside the chat. */
const BESIDE = "(min-width: 75rem)";
/** One line of the outline; the style sheet gives it the same height. CSS pixels. */
const LINE = 40;
/** Lines beyond what is seen, so that scrolling shows no gaps. */
const SPARE = 12;

/** The questions of a chat: beside it where there is room, else over it. */
export function OutlinePanel({ reading }: { reading: Reading }) {
  const outline = useMemo(() => new Outline(() => reading.source), [reading]);
  const beside = useMatches(BESIDE);
  const { length } = reading.source;
  // Again whenever there is more.
  useEffect(() => {
    if (length >= 0) void outline.gather();
  }, [outline, length]);
  useEffect(() => () => outline.stop(), [outline]);
  const close = () => {
    reading.panel.value = "none";
  };
  const inside = <Questions reading={reading} outline={outline} onChosen={beside ? null : close} />;
  if (!beside) {
    return (
      <Dialog title="Questions" onClose={close}>
        {inside}
      </Dialog>
    );
  }
  return (
    <nav class="outline" aria-label="Questions">
      <header class="outline-head">
        <h2>Questions</h2>
        <IconButton icon="close" label="Close the questions" onClick={close} />
      </header>
      {inside}
    </nav>
  );
}

function Questions(props: { reading: Reading; outline: Outline; onChosen: (() => void) | null }) {
  const { reading, outline, onChosen } = props;
  const words = useSignal("");
  const all = outline.questions.value;
  const shown = useMemo(() => questionsWith(all, words.value), [all, words.value]);
  const current = currentQuestion(shown, reading.view.current.value);
  const choose = ({ row }: Question) => {
    onChosen?.();
    // After the dialog has given the focus back.
    requestAnimationFrame(() => reading.view.show(row, { focus: true }));
  };
  return (
    <>
      <input
        class="input"
        type="text"
        inputMode="search"
        aria-label="Search the questions"
        placeholder="Search the questions"
        autoComplete="off"
        dir="auto"
        value={words.value}
        onInput={({ currentTarget }) => {
          words.value = currentTarget.value;
        }}
      />
      <p class="hint" role="status">
        {outline.gathering.value && all.length === 0
          ? "Looking for questions…"
          : shown.length === 0
            ? "No questions found"
            : counted(shown.length, "question")}
      </p>
      <QuestionLines questions={shown} current={current} onChoose={choose} />
    </>
  );
}

/** All lines are equally high, so that those on the screen are found by counting. */
function QuestionLines(props: {
  questions: readonly Question[];
  current: number;
  onChoose: (question: Question) => void;
}) {
  const { questions, current, onChoose } = props;
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(600);
  useLayoutEffect(() => {
    const { current: element } = box;
    if (element) height.value = element.clientHeight;
  }, [height]);
  useEffect(() => {
    const { current: element } = box;
    if (!element || current < 0) return;
    const at = current * LINE;
    const seen = at >= element.scrollTop && at + LINE <= element.scrollTop + element.clientHeight;
    if (!seen && !element.contains(document.activeElement)) element.scrollTop = at - element.clientHeight / 2;
  }, [current]);
  const first = Math.max(0, Math.floor(top.value / LINE) - SPARE);
  const last = Math.min(questions.length, Math.ceil((top.value + height.value) / LINE) + SPARE);
  return (
    <div
      ref={box}
      class="outline-lines"
      onScroll={({ currentTarget }) => {
        top.value = currentTarget.scrollTop;
        height.value = currentTarget.clientHeight;
      }}
    >
      <ol style={{ blockSize: `${questions.length * LINE}px` }}>
        {questions.slice(first, last).map((question, offset) => {
          const index = first + offset;
          return (
            <li
              key={question.row}
              style={{ insetBlockStart: `${index * LINE}px` }}
              aria-posinset={index + 1}
              aria-setsize={questions.length}
            >
              <button
                type="button"
                dir="auto"
                title={question.text}
                aria-current={index === current ? "location" : undefined}
                onClick={() => onChoose(question)}
              >
                {question.text}
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function useMatches(query: string): boolean {
  const list = useMemo(() => matchMedia(query), [query]);
  const matches = useSignal(list.matches);
  useEffect(() => {
    const look = () => {
      matches.value = list.matches;
    };
    list.addEventListener("change", look);
    return () => list.removeEventListener("change", look);
  }, [list, matches]);
  return matches.value;
}
