import { complete, type ModelRequest } from "@openmates-share/client/completion";

// The app's own policy lets it talk to its server and to nobody else, and that stays so. This document may talk to others,
// and gives that up for all but one before it does: it allows itself the address that its person has chosen. One document,
// one address, one answer.

addEventListener("message", onRequest);

function onRequest({ data, source, origin, ports }: MessageEvent<ModelRequest>): void {
  const [port] = ports;
  if (source !== parent || origin !== location.origin || !port) return;
  removeEventListener("message", onRequest);
  allowOnly(new URL(data.address).origin);
  const stopped = new AbortController();
  port.onmessage = () => stopped.abort();
  void complete(data, { signal: stopped.signal, tell: (news) => port.postMessage(news) });
}

/** A policy can be made stricter by the page itself, and never laxer. */
function allowOnly(origin: string): void {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = `connect-src ${origin}`;
  document.head.append(policy);
}

parent.postMessage("ready", location.origin);
