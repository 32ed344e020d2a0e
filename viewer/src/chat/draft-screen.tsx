import "../styles/import.css";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { complain } from "../app/complain.ts";
import { counted } from "../app/dates.ts";
import { ChatHeader } from "../app/header.tsx";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import { go } from "../app/navigation.ts";
import { Page } from "../app/page.tsx";
import { PROBLEMS, type Problem, ProblemScreen, problemOf } from "../app/problem.tsx";
import { chatFragment } from "../app/route.ts";
import { BranchChoice } from "../draft/branch-choice.tsx";
import { DraftBar } from "../draft/draft-bar.tsx";
import { DraftModel } from "../draft/draft-model.ts";
import { DraftRow } from "../draft/draft-row.tsx";
import { useDrafts } from "../draft/use-drafts.ts";
import { DraftFilesProvider } from "../embed/draft-files.ts";
import { ListView } from "../list/list-view.ts";
import { VirtualList } from "../list/virtual-list.tsx";
import { draftSource } from "./draft-source.ts";
import { MessageCard } from "./message-card.tsx";
import { Skeleton } from "./skeleton.tsx";
import { speakerOf } from "./speaker.ts";
import { useReading } from "./use-reading.ts";

const ReadingTools = lazy(async () => (await import("../reading/reading-tools.tsx")).ReadingTools);
const ShareDialog = lazy(async () => (await import("../share/share-dialog.tsx")).ShareDialog);

type Loaded = { readonly model: DraftModel } | { readonly problem: Problem } | null;

/** An imported conversation, before anybody else can see it. */
export function DraftScreen({ id }: { id: string }) {
  const drafts = useDrafts();
  const [loaded, setLoaded] = useState<Loaded>(null);
  useEffect(() => {
    drafts
      .find(id)
      .then(async (draft) => {
        if (draft && "conversation" in draft) setLoaded({ model: await DraftModel.load(draft, drafts) });
        else if (draft) go(chatFragment(draft.sharedAs), { replace: true });
        else setLoaded({ problem: PROBLEMS.draftGone });
      })
      .catch((error: unknown) => setLoaded({ problem: problemOf(error) }));
  }, [drafts, id]);
  if (!loaded) return <Skeleton />;
  if ("problem" in loaded) return <ProblemScreen problem={loaded.problem} />;
  return <DraftView model={loaded.model} />;
}

function DraftView({ model }: { model: DraftModel }) {
  const [sharing, setSharing] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const { draft, title } = model;
  const messages = model.shown.value;
  const { branch } = model.choices.value;
  const nothing = model.sharedCount.value === 0;
  // Another version is another list, also when it is as long.
  const view = useMemo(
    () => new ListView({ length: messages.length, start: { at: "top" }, sticksToEnd: false }),
    [messages.length, branch],
  );
  const reading = useReading(view, () => draftSource({ title, messages }));
  return (
    <Page
      header={
        <ChatHeader title={title}>
          {reading && <ReadingTools reading={reading} />}
          <button type="button" class="button primary small" disabled={nothing} onClick={() => setSharing(true)}>
            <Icon name="share" />
            <span class="words">Share</span>
          </button>
        </ChatHeader>
      }
    >
      <div class="chat">
        <div class="chat-head draft-head">
          <h1 dir="auto" title={title}>
            {title || "Untitled"}
          </h1>
          <p class="hint">
            <span class="mark private">
              <Icon name="lock" />
              Private draft
            </span>{" "}
            {counted(messages.length, "message")}, in this browser only
          </p>
          <BranchChoice
            branches={draft.branches}
            chosen={branch}
            total={draft.conversation.messages.length}
            onChoose={(chosen) => void model.chooseBranch(chosen).catch(complain)}
          />
          <DraftBar model={model} choosing={choosing} onChoosing={setChoosing} />
        </div>
        <DraftMessages key={branch} model={model} choosing={choosing} view={view} hit={reading?.hit.value ?? null} />
      </div>
      {sharing && <ShareDialog draft={draft.id} conversation={model.shared()} onClose={() => setSharing(false)} />}
    </Page>
  );
}

function DraftMessages(props: { model: DraftModel; choosing: boolean; view: ListView; hit: number | null }) {
  const { model, choosing, view, hit } = props;
  const messages = model.shown.value;
  const leftOut = model.leftOut.value;
  const { branch } = model.choices.value;
  const leaves = model.draft.branches.find(({ id }) => id === branch)?.after;
  const last = useRef(0);
  const toggle = (index: number, range: boolean) => {
    const from = range ? Math.min(last.current, index) : index;
    const to = range ? Math.max(last.current, index) : index;
    last.current = index;
    void model.leaveOut({ from, to }, !leftOut.has(index)).catch(complain);
  };
  const leave = (index: number, which: "before" | "behind") => {
    const range = which === "before" ? { from: 0, to: index - 1 } : { from: index + 1, to: messages.length - 1 };
    void model.leaveOut(range, true).catch(complain);
  };
  const row = (index: number, formed: boolean) => {
    const message = messages[index];
    if (!message) return null;
    const { role, name, parts, time, model: ai } = message;
    const speaker = speakerOf({ role, name, fallback: "You" });
    return (
      <DraftRow
        index={index}
        last={index === messages.length - 1}
        speaker={speaker.name}
        leftOut={leftOut.has(index)}
        choosing={choosing}
        onToggle={(range) => toggle(index, range)}
        onLeaveOut={(which) => leave(index, which)}
      >
        {index === leaves && <p class="branch-begins hint">From here on this version differs from the one on screen</p>}
        <MessageCard
          id={`${index + 1}`}
          speakerName={speaker.name}
          speakerKind={speaker.kind}
          mine={role === "user"}
          parts={parts}
          time={time}
          detail={ai}
          shared={null}
          highlighted={hit === index}
          formed={formed}
          quoted={null}
          footer={null}
          badge={null}
          onReply={null}
        />
      </DraftRow>
    );
  };
  return (
    <DraftFilesProvider value={model.files}>
      <VirtualList view={view} length={messages.length} label="Messages" row={row} />
    </DraftFilesProvider>
  );
}
