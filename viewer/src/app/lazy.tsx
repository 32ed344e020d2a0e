import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { toast } from "./toasts.tsx";

/** A component whose code is fetched when it is first shown. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function Lazy(props: Props) {
    const [Component, setComponent] = useState<ComponentType<Props> | null>(() => loaded);
    useEffect(() => {
      if (Component) return;
      load()
        .then((component) => {
          loaded = component;
          setComponent(() => component);
        })
        .catch(() => toast("A part of this page could not be loaded. Please check your connection and reload."));
    }, [Component]);
    return Component && <Component {...props} />;
  };
}
