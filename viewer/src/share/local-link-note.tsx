/** Says so where a link can't be opened by anybody else: who runs this to try it would send it in vain. */
export function LocalLinkNote({ url }: { url: string }) {
  const { protocol, hostname, origin } = new URL(url);
  if (isLoopback(hostname)) {
    return (
      <p class="sentence private">
        This link works on this computer only: it leads to <bdi>{origin}</bdi>. For other people the server needs an
        address that they can reach (PUBLIC_URL).
      </p>
    );
  }
  if (protocol === "https:") return null;
  return (
    <p class="sentence private">
      Browsers won’t decrypt at <bdi>{origin}</bdi>, because it doesn’t begin with https://. The server needs an address
      that does (PUBLIC_URL).
    </p>
  );
}

/** Whether a host name or address means this machine and no other. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
