// Load 20 times: both arms and both servers' constant answers in turns, each round in an order of
// its own, so that what disturbs the machine disturbs all of them alike.

import { difference } from "./difference.js";
import { LoadFailed } from "../loading/errors.js";
import { floor, load } from "../loading/load.js";
import { Link } from "../loading/link.js";
import { forget } from "../loading/resource_timing.js";
import { compared } from "./statistics.js";

export const LOADS = 20;
const WARM_UP = 2; // loads that do not count

/**
 * Time both sides.
 *
 * @param {{rest, graphql}} loads a counted load of each side, whose view is the one to be shown
 * @param {{rest: string, graphql: string}} servers
 * @param {Function} newLink makes what a load goes over
 * @param {AbortSignal} signal ends it
 * @param {Function} progressed called with the number of rounds that are done
 */
export async function measure(loads, servers, newLink, signal, progressed) {
  const times = { rest: [], graphql: [] };
  const floors = { rest: [], graphql: [] };
  for (let round = -WARM_UP; round < LOADS; round += 1) {
    for (const turn of shuffled(turnsOf(loads, servers, newLink, signal))) {
      const { into, side, ms } = await turn(times, floors);
      if (round >= 0) into[side].push(ms);
    }
    forget();
    progressed(Math.max(round + 1, 0));
  }
  const of = (side) => ({
    times: times[side], floors: floors[side], steps: loads[side].counts.steps,
  });
  return { ...compared(of("rest"), of("graphql")), times };
}

function turnsOf(loads, servers, newLink, signal) {
  return ["rest", "graphql"].flatMap((side) => [
    async (times) => {
      const { arm, view } = loads[side];
      const loaded = await load(arm, servers, newLink(), signal);
      const found = difference(view, loaded.view);
      if (found) throw new LoadFailed(`${arm.name} shows something else than before: ${told(found)}`);
      return { into: times, side, ms: loaded.ms };
    },
    async (_, floors) => {
      const name = side === "rest" ? "REST" : "GraphQL";
      const ms = await floor(name, servers[side], new Link(0, 1), signal);
      return { into: floors, side, ms };
    },
  ]);
}

/** A difference in words. */
export function told({ path, left, right }) {
  return `at ${path}, ${left} and ${right}`;
}

/** In random order (Fisher and Yates). */
function shuffled(values) {
  const order = [...values];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}
