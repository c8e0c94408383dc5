// The two APIs as an arm sees them: simple calls, each of which is recorded.

import { LoadFailed, refused, unreachable, within } from "./errors.js";

/** A GET with query parameters, to be sent side by side with others. */
export class Get {
  constructor(path, params = {}) {
    this.path = path;
    this.params = params;
  }
}

class Api {
  #levels = 0;

  /**
   * @param {string} side the API's name
   * @param {string} base the server's address
   * @param {Link} link what the requests go over
   * @param {{exchanges: object[], began: number, changed: Function}} record what is known of them
   * @param {AbortSignal} signal ends the load
   */
  constructor(side, base, link, record, signal) {
    this.side = side;
    this.base = base;
    this.link = link;
    this.record = record;
    this.signal = signal;
  }

  /** The answers of one level, sent side by side; the next level waits for all of them. */
  level(requests) {
    const level = this.#levels;
    this.#levels += 1;
    return Promise.all(requests.map((request, index) => this.#exchange(request, level, index)));
  }

  async #exchange(request, level, index) {
    const exchange = { ...request, level, index, url: this.base + request.path };
    this.record.exchanges.push(exchange);
    const { response, text } = await this.link.over(
      (halfway) => this.#send(exchange, halfway), this.signal,
    );
    let answer;
    try {
      answer = JSON.parse(text);
    } catch {
      if (response.ok) throw new LoadFailed(`${exchange.label}: the answer is no JSON`);
    }
    const error = refused(exchange.label, response, answer);
    if (error) throw error;
    return answer;
  }

  async #send(exchange, halfway) {
    const { record, signal } = this;
    exchange.start = performance.now() - record.began;
    record.changed();
    await halfway();
    try {
      exchange.sentAt = performance.now();
      const response = await fetch(exchange.url, {
        method: exchange.method,
        headers: { Accept: "application/json", ...exchange.headers },
        body: exchange.body,
        cache: "no-store", // another load's answer would be none of this one
        credentials: "omit",
        signal: within(signal),
      });
      const text = await response.text();
      exchange.gotAt = performance.now();
      await halfway();
      exchange.end = performance.now() - record.began;
      Object.assign(exchange, { status: response.status, text, headersOf: response.headers });
      record.changed();
      return { response, text };
    } catch (error) {
      throw signal.aborted ? signal.reason : unreachable(this.side, this.base, error);
    }
  }
}

export class RestApi extends Api {
  /** The answer of one GET; a list as parameter becomes `1,2,3`. */
  async get(path, params = {}) {
    return (await this.getAll([new Get(path, params)]))[0];
  }

  /** The answers of several GETs, sent side by side. */
  getAll(requests) {
    return this.level(requests.map((request) => {
      const get = typeof request === "string" ? new Get(request) : request;
      const path = get.path + query(get.params);
      return { method: "GET", path, label: `GET ${decodeURIComponent(path)}` };
    }));
  }
}

export class GraphqlApi extends Api {
  constructor(endpoint, ...others) {
    super(...others);
    this.endpoint = endpoint;
  }

  /** The data that a query gives. */
  async query(document, variables = {}) {
    const [answer] = await this.level([{
      method: "POST",
      path: this.endpoint,
      headers: { "Content-Type": "application/json" }, // to its own origin: without a preflight
      body: JSON.stringify({ query: document, variables }),
      label: `query ${/query (\w+)/.exec(document)[1]}`,
      document,
      variables,
    }]);
    return answer.data;
  }
}

/** The query of a URL, as the comparison's client writes it; null is left out. */
function query(params) {
  const given = Object.entries(params).filter(([, value]) => value !== null);
  const pairs = given.map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  return pairs.length ? `?${pairs.join("&")}` : "";
}

function encoded(value) {
  const text = encodeURIComponent(Array.isArray(value) ? value.join(",") : value);
  return text.replaceAll("%2C", ",").replaceAll("%20", "+");
}
