// Run in the lab's page, in place of what it draws: its own modules load the arms. `measured` is
// what the comparison calls.

async ({ servers, headers }) => {
  const [{ connect, load }, { Link }, { SCREENS }, { drawn }, { forget, timingOf }] =
    await Promise.all(
      ["loading/load", "loading/link", "screens/index", "drawing/views", "loading/resource_timing"].map(
        (name) => import(`${location.origin}/lab/${name}.js`),
      ),
    );
  const { signal } = new AbortController();
  const place = document.createElement("main");
  document.body.replaceChildren(place);

  const plain = globalThis.fetch;
  const sentTo = new Map(); // the addresses of requests that are sent in another way
  let way = "";
  globalThis.fetch = (url, asked) => {
    const api = url.startsWith(`${servers.rest}/`) ? "rest" : "graphql";
    return plain(...acrossOrigins(url, { ...asked, headers: { ...asked.headers, ...headers[api] } }));
  };

  /** The request as it is sent to another origin, in one of the results' ways. */
  function acrossOrigins(url, asked) {
    if (way === "simple" && asked.body) {
      const { query, variables } = JSON.parse(asked.body);
      const params = new URLSearchParams({ query, variables: JSON.stringify(variables) });
      const { body, method, headers: { "Content-Type": _, ...others }, ...more } = asked;
      sentTo.set(url, `${url}?${params}`);
      return [sentTo.get(url), { ...more, headers: others }];
    }
    if (way !== "preflight" && way !== "cached") return [url, asked];
    // A header of a page's own, as for a token, is what a server has to be asked about. What is not
    // to be stored by a cache is asked about each time.
    const more = { ...asked.headers, "X-Requested-With": "fetch" };
    return [url, { ...asked, headers: more, cache: way === "cached" ? "default" : "no-store" }];
  }

  // The link is the relay, and how many requests are under way at once is the browser's affair.
  function loaded(screen, arm) {
    const found = SCREENS.find((one) => one.name === screen).arms.find((one) => one.name === arm);
    return load(found, servers, new Link(0, Infinity), signal);
  }

  globalThis.measured = {
    /** The names of the arms of each screen. */
    arms: () => Object.fromEntries(
      SCREENS.map(({ name, arms }) => [name, arms.map((arm) => arm.name)]),
    ),

    /** Open as many connections as may be in use at once. */
    connect: (connections) => connect("REST", servers.rest, connections, signal),

    /** One load: milliseconds, the view, the size of each level, and the protocols. */
    async load(screen, arm, asked) {
      way = asked;
      const { ms, view, exchanges } = await loaded(screen, arm).finally(() => { way = ""; });
      const entries = await Promise.all(
        exchanges.map((one) => timingOf(sentTo.get(one.url) ?? one.url, one.sentAt)),
      );
      sentTo.clear();
      forget();
      const levels = Map.groupBy(exchanges, (one) => one.level);
      return {
        ms,
        view,
        levels: [...levels.values()].map((level) => level.length),
        protocols: [...new Set(entries.map((entry) => entry?.nextHopProtocol ?? ""))],
      };
    },

    /** Milliseconds to decode the answers of a load, and to draw the screen, that many times. */
    async work(screen, arm, times) {
      const { view, exchanges } = await loaded(screen, arm);
      forget();
      const decode = [];
      const draw = [];
      for (let time = 0; time < times; time += 1) {
        const began = performance.now();
        for (const { text } of exchanges) JSON.parse(text);
        const decoded = performance.now();
        place.replaceChildren(drawn(screen, view));
        place.getBoundingClientRect(); // a size cannot be told before all is laid out
        draw.push(performance.now() - decoded);
        decode.push(decoded - began);
      }
      place.replaceChildren();
      return { decode, draw };
    },
  };
}
