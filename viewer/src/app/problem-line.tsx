import { useEffect, useRef } from "preact/hooks";

/** What went wrong, beside what the person was doing; nothing when all is well. */
export function ProblemLine({ problem, onRetry }: { problem: string | null; onRetry?: () => void }) {
  const line = useRef<HTMLParagraphElement>(null);
  // Under a long form it may be out of sight, and pressing the button would seem to do nothing.
  useEffect(() => line.current?.scrollIntoView({ block: "nearest" }), [problem]);
  return (
    problem !== null && (
      <p ref={line} class="sentence bad" role="alert">
        {problem}
        {onRetry && (
          <>
            {" "}
            <button type="button" class="text-button" onClick={onRetry}>
              Try again
            </button>
          </>
        )}
      </p>
    )
  );
}
