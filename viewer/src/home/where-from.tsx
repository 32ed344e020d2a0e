/** How to get at a conversation: most people have never exported one. */
export function WhereFrom() {
  return (
    <details class="where-from">
      <summary>Where do I get it?</summary>
      <dl>
        <dt>One conversation, now</dt>
        <dd>Open it, select all, copy, and press “Paste text” here. Copies from ChatGPT say who speaks.</dd>
        <dt>A ChatGPT share link</dt>
        <dd>Open it, save the page as a file, and bring that in.</dd>
        <dt>All of ChatGPT</dt>
        <dd>Settings → Data controls → Export data. A mail brings a link to the .zip.</dd>
        <dt>All of Claude</dt>
        <dd>Settings → Privacy → Export data. A mail brings it, too.</dd>
      </dl>
    </details>
  );
}
