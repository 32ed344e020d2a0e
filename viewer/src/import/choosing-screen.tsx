import { useEffect } from "preact/hooks";
import { go } from "../app/navigation.ts";
import { ImportScreen } from "./import-screen.tsx";
import { intake } from "./intake.ts";

/** The list lives as long as the page: after a reload there is nothing to choose from. */
export function ChoosingScreen() {
  const { value } = intake;
  const gone = value.state !== "choosing";
  useEffect(() => {
    if (gone) go("", { replace: true });
  }, [gone]);
  return value.state === "choosing" ? <ImportScreen choosing={value} /> : null;
}
