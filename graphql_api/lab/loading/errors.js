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
  const what = error.name === "TimeoutError"
    ? `has not answered within ${PATIENCE_S} s`
    : "does not answer, or does not let this page ask";
  return new LoadFailed(
    `The ${side} server at ${base} ${what}. ./start_servers.sh starts both; then load again.`,
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
