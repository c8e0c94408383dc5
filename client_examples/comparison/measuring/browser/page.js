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
  globalThis.fetch = (url, asked) => {
    const more = headers[url.startsWith(`${servers.rest}/`) ? "rest" : "graphql"];
    return plain(url, { ...asked, headers: { ...asked.headers, ...more } });
  };

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
    async load(screen, arm) {
      const { ms, view, exchanges } = await loaded(screen, arm);
      const entries = await Promise.all(exchanges.map((one) => timingOf(one.url, one.sentAt)));
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
