import { Component, type ComponentChildren } from "preact";

/**
 * A component that renders again only when one of its properties is another value: a list of a thousand messages must
 * not be compared for every key stroke of somebody typing. It may hold no signal and no state of its own.
 */
export function memo<Props extends object>(render: (props: Props) => ComponentChildren) {
  return class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const names = new Set([...Object.keys(this.props), ...Object.keys(next)]) as Set<keyof Props>;
      return [...names].some((name) => this.props[name] !== next[name]);
    }

    override render(props: Props): ComponentChildren {
      return render(props);
    }
  };
}
