import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Two screens ahead something is fetched; four away it is let go. */
const NEAR = "150% 0px";
const FAR = "400% 0px";

/** Whether an element is near the screen; once near, it counts as near until it is far. */
export function useNear(element: RefObject<Element | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const watch = (rootMargin: string, heed: (there: boolean) => void) => {
      const observer = new IntersectionObserver(([entry]) => entry && heed(entry.isIntersecting), { rootMargin });
      observer.observe(current);
      return observer;
    };
    const coming = watch(NEAR, (there) => there && setNear(true));
    const going = watch(FAR, (there) => !there && setNear(false));
    return () => {
      coming.disconnect();
      going.disconnect();
    };
  }, [element]);
  return near;
}
