// The distance to the servers, simulated in the page: each request is held up, going and coming.

export const AT_ONCE = 6; // requests under way, as browsers hold it per host over HTTP/1.1

export class Link {
  #free;
  #waiting = [];

  /**
   * @param {number} rttMs round-trip time in milliseconds
   * @param {number} atOnce how many requests may be under way together
   */
  constructor(rttMs, atOnce) {
    this.rttMs = rttMs;
    this.atOnce = atOnce;
    this.#free = atOnce;
  }

  /** What `send` gives, half a round trip after half a round trip and its own time. */
  async over(send, signal) {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise((resolve) => this.#waiting.push(resolve));
    try {
      return await send(() => sleep(this.rttMs / 2, signal));
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

function sleep(ms, signal) {
  signal?.throwIfAborted();
  if (!ms) return undefined;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}
