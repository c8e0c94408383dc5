// One load of a screen by one arm, and what it took.

import { GraphqlApi, RestApi } from "./api.js";
import { unreachable, within } from "./errors.js";
import { bytesOf, contentOf, leavesIn, markUsed } from "./leaves.js";
import { timingOf } from "./resource_timing.js";

/**
 * Load by an arm. Its time spans all that the arm does, decoding included; what the load took is
 * found out afterwards.
 *
 * @param {object} arm as in `screens/index.js`
 * @param {{rest: string, graphql: string}} servers their addresses
 * @param {Link} link what the requests go over
 * @param {AbortSignal} signal ends it
 * @param {Function} changed called with the exchanges whenever one begins or ends
 * @returns {Promise<{arm, view, exchanges: object[], ms: number, atOnce: number}>}
 */
export async function load(arm, servers, link, signal, changed = () => {}) {
  const exchanges = [];
  const record = { exchanges, began: performance.now(), changed: () => changed(exchanges) };
  const more = [link, record, signal];
  const api = arm.path
    ? new GraphqlApi(arm.path, "GraphQL", servers.graphql, ...more)
    : new RestApi("REST", servers.rest, ...more);
  record.began = performance.now();
  const view = await arm.load(api);
  const ms = performance.now() - record.began;
  return { arm, view, exchanges, ms, atOnce: link.atOnce };
}

/** Find out what the load took; the load with its counts. */
export async function counted(loaded) {
  const { arm, exchanges, atOnce } = loaded;
  await Promise.all(exchanges.map(complete));
  await markUsed(arm, exchanges);
  const leaves = exchanges.flatMap((one) => leavesIn(contentOf(one)));
  const levels = [...Map.groupBy(exchanges, (one) => one.level).values()];
  const counts = {
    requests: exchanges.length,
    steps: total(levels.map((level) => Math.max(1, Math.ceil(level.length / atOnce)))),
    bytes: total(exchanges.map((one) => one.bytes)),
    statements: total(exchanges.map((one) => one.statements)),
    leafBytes: bytesOf(leaves),
  };
  return { ...loaded, counts };
}

/** Open the connections, as many as may be in use at once, so that no load has to wait for them. */
export async function connect(side, base, connections, signal) {
  const asked = { cache: "no-store", credentials: "omit", signal: within(signal) };
  try {
    const answers = Array.from({ length: connections }, () => fetch(`${base}/ping`, asked));
    await Promise.all((await Promise.all(answers)).map((answer) => answer.text()));
  } catch (error) {
    throw signal.aborted ? signal.reason : unreachable(side, base, error);
  }
}

/** Milliseconds of a constant answer: the least that one of the server's takes. */
export async function floor(side, base, link, signal) {
  const began = performance.now();
  await link.over(async (halfway) => {
    await halfway();
    await connect(side, base, 1, signal);
    await halfway();
  }, signal);
  return performance.now() - began;
}

/** What the browser and the server know of an exchange, once it is over. */
async function complete(exchange) {
  const entry = await timingOf(exchange.url, exchange.sentAt);
  Object.assign(exchange, serverCost(exchange.headersOf), {
    bytes: entry?.encodedBodySize || null, // 0 where the server does not let it be known
    protocol: entry?.nextHopProtocol ?? "",
  });
}

/**
 * What the headers of an answer say that it took. One that comes from a shared cache repeats what it
 * took once, and now took nothing; one that the server has only renewed took what nobody tells.
 */
function serverCost(headers) {
  const cached = headers.get("Cache-Status") ?? ""; // RFC 9211
  if (/;\s*hit\b/.test(cached)) return { serverMs: 0, statements: 0, trace: null };
  if (/;\s*fwd-status=304\b/.test(cached)) return { serverMs: null, statements: null, trace: null };
  const { total: whole, db } = serverTiming(headers.get("Server-Timing") ?? "");
  const told = /^(\d+) statement/.exec(db?.description ?? "");
  return {
    serverMs: whole?.ms ?? null,
    statements: told ? Number(told[1]) : null,
    trace: JSON.parse(headers.get("SQL-Trace") ?? "null"),
  };
}

/** Milliseconds and description of each metric of `Server-Timing`. */
function serverTiming(header) {
  const found = {};
  for (const [, name, ms, description] of header.matchAll(
    /([\w-]+);dur=([\d.]+)(?:;desc="([^"]*)")?/g,
  )) {
    found[name] = { ms: Number(ms), description };
  }
  return found;
}

/** The sum, null if one of them is not known. */
function total(values) {
  return values.some((value) => value === null)
    ? null
    : values.reduce((sum, value) => sum + value, 0);
}
