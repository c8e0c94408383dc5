// What can go wrong with a load, in words for whoever looks at the page.

export class LoadFailed extends Error {}

const PATIENCE_S = 20;

/** Ends a load by the button, or when an answer takes too long. */
export function within(signal) {
  return AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_S * 1000)]);
}

/** The error of a request that brought no answer. */
export function unreachable(side, base, error) {
  if (error.name === "AbortError") return error;
  const who = `The ${side} server at ${base}`;
  const start = "./start_servers.sh starts both";
  if (error.name === "TimeoutError") {
    return new LoadFailed(`${who} has not answered within ${PATIENCE_S} s. ${start}; then load again.`);
  }
  if (new URL(base || "/", location.href).origin === location.origin) {
    return new LoadFailed(`${who} does not answer. ${start}; then load again.`);
  }
  return new LoadFailed(
    `${who} does not answer, or does not let pages of ${location.origin} ask. ${start}, and`
      + " BOOKSTORE_CORS_ORIGINS names the pages that may ask; then load again.",
  );
}

/** The error of an answer that is none of what was asked for; null if it is as it should be. */
export function refused(label, response, answer) {
  const first = answer?.errors?.[0]; // GraphQL's, whatever the status
  if (first?.message) return new LoadFailed(`${label}: ${first.message}`);
  if (response.ok) return null;
  const said = answer?.detail ?? answer?.title ?? "without a reason that can be read";
  return new LoadFailed(`${label}: ${response.status}, ${said}`);
}
