// The address remembers through whose eyes we look, and where: #as=U1&in=C1&thread=1.2

/** {as, in, thread}, each possibly null. */
export function readHash() {
  const params = new URLSearchParams(location.hash.slice(1));
  return { as: params.get("as"), in: params.get("in"), thread: params.get("thread") };
}

/** Writes the address without leaving a trace in the history for every click. */
export function writeHash({ as, place, thread }) {
  const params = new URLSearchParams({ as });
  if (place) params.set("in", place.home ? "home" : place.channel);
  if (thread) params.set("thread", thread);
  history.replaceState(null, "", `#${params}`);
}
