import { LIMITS } from "@openmates-share/client";
import { TextField } from "../app/text-field.tsx";

/** What those who write together see an owner as, who has said no name yet. */
export function OwnerNameField({ value, onInput }: { value: string; onInput: (value: string) => void }) {
  return (
    <TextField
      label="Your name in the chat"
      value={value}
      maxLength={LIMITS.name}
      autoComplete="nickname"
      placeholder="Owner"
      onInput={onInput}
    />
  );
}
