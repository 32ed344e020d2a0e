import { Icon, type IconName } from "./icons.tsx";

/** A round button with a picture in place of words; who can't see the picture gets the words. */
export function IconButton(props: {
  icon: IconName;
  label: string;
  /** Where there is more to say than the label does. */
  title?: string;
  onClick: () => void;
  disabled?: boolean;
  /** Of a button that stays pressed. */
  pressed?: boolean;
  big?: boolean;
  className?: string;
}) {
  const { icon, label, title = label, onClick, disabled = false, pressed, big = false, className } = props;
  return (
    <button
      type="button"
      class={`button quiet round${big ? "" : " small"}${className ? ` ${className}` : ""}`}
      aria-label={label}
      aria-pressed={pressed}
      title={title}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
