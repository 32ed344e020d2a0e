// Moves a browser that has the key in its address to the viewer. The fragment is never sent to any server, so only a
// script can do it; location.replace leaves no history entry that holds the key.
(() => {
  const match = /^\/share\/(chat|embed)\/([A-Za-z0-9_-]{22})\/?$/.exec(location.pathname);
  const fragment = location.hash.slice(1);
  if (match && /(?:^|[&;])key=[A-Za-z0-9_-]/.test(fragment)) {
    location.replace(`/#${match[1]}-id=${match[2]}&${fragment}`);
    return;
  }
  document.addEventListener("DOMContentLoaded", () => {
    const state = document.getElementById("state");
    if (state)
      state.textContent =
        "This link is incomplete: the part after # is missing, and that is the key. Please ask for the whole link; some programs cut it off.";
  });
})();
