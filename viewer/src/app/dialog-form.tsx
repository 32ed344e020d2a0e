import type { ComponentChildren } from "preact";
import { DialogFoot } from "./dialog.tsx";
import { Form } from "./form.tsx";
import type { Task } from "./use-task.ts";

/** A form that fills a dialog: what went wrong, and its buttons, stand at the lower edge. */
export function DialogForm(props: {
  task: Task;
  onSubmit: () => Promise<void>;
  /** On the button that sends it. */
  submit: ComponentChildren;
  /** On that button meanwhile. */
  working?: string;
  danger?: boolean;
  /** Whether it can be sent as it is filled in. */
  ready?: boolean;
  /** Left out where there is nothing to go back to. */
  onCancel?: () => void;
  /** Other buttons, before the one that sends it. */
  beside?: ComponentChildren;
  children: ComponentChildren;
}) {
  const { task, onSubmit, submit, working, danger = false, ready = true, onCancel, beside, children } = props;
  return (
    <Form task={task} onSubmit={onSubmit} ready={ready}>
      {children}
      <DialogFoot problem={task.problem}>
        {onCancel && (
          <button type="button" class="button" disabled={task.busy} onClick={onCancel}>
            Cancel
          </button>
        )}
        {beside}
        <button type="submit" class={danger ? "button danger" : "button primary"} disabled={task.busy || !ready}>
          {task.busy && working ? working : submit}
        </button>
      </DialogFoot>
    </Form>
  );
}
