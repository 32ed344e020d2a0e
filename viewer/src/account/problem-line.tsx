import type { Task } from "./use-task.ts";

export function ProblemLine({ task: { problem } }: { task: Task }) {
  return (
    problem && (
      <p class="sentence bad" role="alert">
        {problem}
      </p>
    )
  );
}
