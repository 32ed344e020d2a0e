import { titleCount } from "../app/header.tsx";

const PLAIN = "/favicon.svg";
const WITH_DOT = "/favicon-new.svg";

/** Tells in the tab, while another one is looked at, that there is something new. */
export function markTab(count: number): void {
  titleCount.value = count;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const wanted = count > 0 ? WITH_DOT : PLAIN;
  if (icon && icon.getAttribute("href") !== wanted) icon.setAttribute("href", wanted);
}
