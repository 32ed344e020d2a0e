import type { ComponentChildren } from "preact";
import type { Task } from "./use-task.ts";

/** A form that starts a task. What is wrong with the fields it says itself, not the browser. */
export function Form(props: {
  task: Task;
  onSubmit: () => Promise<void>;
  /** Whether it can be sent as it is filled in. */
  ready?: boolean;
  label?: string;
  className?: string;
  children: ComponentChildren;
}) {
  const { task, onSubmit, ready = true, label, className = "stack", children } = props;
  return (
    <form
      class={className}
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // A dialog may stand in another form.
        event.stopPropagation();
        if (ready) task.run(onSubmit);
      }}
    >
      {children}
    </form>
  );
}
