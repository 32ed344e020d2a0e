import type { Ref } from "preact";

/** What a button presses to have the person choose files: it shows nothing itself. */
export function FileInput(props: {
  label: string;
  inputRef: Ref<HTMLInputElement>;
  accept?: string;
  multiple?: boolean;
  onFiles: (files: readonly File[]) => void;
}) {
  const { label, inputRef, accept, multiple = false, onFiles } = props;
  return (
    <input
      ref={inputRef}
      type="file"
      class="unseen"
      aria-label={label}
      // Its button is met instead.
      tabIndex={-1}
      accept={accept}
      multiple={multiple}
      onChange={({ currentTarget }) => {
        const files = [...(currentTarget.files ?? [])];
        // Choosing the same file again must be a change again.
        currentTarget.value = "";
        if (files.length > 0) onFiles(files);
      }}
    />
  );
}
