import type { ComponentChildren } from "preact";

/** A chat in a list: what it is called, what is known of it, and beside it what can be done with it. */
export function Card(props: {
  /** Null for one that can't be opened here. */
  href: string | null;
  title: ComponentChildren;
  facts: ComponentChildren;
  children?: ComponentChildren;
}) {
  const { href, title, facts, children } = props;
  const inside = (
    <>
      <span class="card-title" dir="auto">
        {title}
      </span>
      <span class="hint card-facts">{facts}</span>
    </>
  );
  return (
    <li class={href === null ? "card elsewhere" : "card"}>
      {href === null ? (
        <span class="card-link">{inside}</span>
      ) : (
        <a class="card-link" href={href}>
          {inside}
        </a>
      )}
      {children}
    </li>
  );
}
