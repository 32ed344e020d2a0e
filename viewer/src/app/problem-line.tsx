/** What went wrong, beside what the person was doing; nothing when all is well. */
export function ProblemLine({ problem, onRetry }: { problem: string | null; onRetry?: () => void }) {
  return (
    problem !== null && (
      <p class="sentence bad" role="alert">
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
