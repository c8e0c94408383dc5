// How numbers are written.

/** Milliseconds in three digits, or none where it is not known. */
export function ms(value) {
  if (value === null || value === undefined) return "–";
  return value >= 100 ? whole(Math.round(value)) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A whole number with commas. */
export function whole(value) {
  return value === null ? "–" : value.toLocaleString("en");
}

/** `1 request`, `2 requests`. */
export function count(value, noun) {
  return value === null ? `${noun}s unknown` : `${whole(value)} ${noun}${value === 1 ? "" : "s"}`;
}

export function percent(share) {
  return `${Math.round(share * 100)}%`;
}

/** A ratio of 1 or more: `21×`, `1.4×`. */
export function times(ratio) {
  if (Number.isInteger(ratio)) return `${ratio}×`;
  return `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(ratio >= 2 ? 1 : 2)}×`;
}
