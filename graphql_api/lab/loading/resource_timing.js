// What the browser's own clock and counter say of a request (W3C Resource Timing).

const LIMIT_MS = 2000; // after which an entry is given up that the browser does not make
const CLOCKS_APART_MS = 1; // by which its rounded start may lie before ours

let entries = [];
const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()));
observer.observe({ type: "resource" });

/** The entry of the request to this address that was sent then; null if there is none. */
export async function timingOf(url, sentAt) {
  const until = performance.now() + LIMIT_MS;
  for (;;) {
    entries.push(...observer.takeRecords());
    const found = entries.findIndex(
      (entry) => entry.name === url && entry.startTime >= sentAt - CLOCKS_APART_MS,
    );
    if (found >= 0) return entries.splice(found, 1)[0];
    if (performance.now() > until) return null;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Forget the entries of loads that are over. */
export function forget() {
  entries = [];
}
