import { useEffect, useRef, useState } from "preact/hooks";
import type { ListView } from "../list/list-view.ts";
import type { Reading } from "../reading/reading.ts";
import type { ReadingSource } from "../reading/reading-source.ts";

/** The tools for reading, as soon as their code is there: nobody needs them to see the first message. */
export function useReading(view: ListView, source: () => ReadingSource): Reading | null {
  const [reading, setReading] = useState<Reading | null>(null);
  const latest = useRef(source);
  latest.current = source;
  useEffect(() => {
    let shown = true;
    import("../reading/reading.ts").then(
      ({ Reading }) => shown && setReading(new Reading({ view, source: () => latest.current() })),
      // The chat can be read without; whoever misses the tools reloads.
      () => undefined,
    );
    return () => {
      shown = false;
    };
  }, [view]);
  return reading;
}
