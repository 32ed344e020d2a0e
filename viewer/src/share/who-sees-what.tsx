import { type Facts, whoSees } from "./who-sees.ts";

/** Who can see what, from what is really set. */
export function WhoSeesWhat({ facts }: { facts: Facts }) {
  return (
    <details class="fold who">
      <summary>Who can see what</summary>
      <dl>
        {whoSees(facts).map(({ who, sees }) => (
          <div key={who}>
            <dt>
              <bdi>{who}</bdi>
            </dt>
            <dd>{sees}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
