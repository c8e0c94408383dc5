// What loading 20 times has shown: every time as a dot, medians with intervals, who is ahead.

import { h, styled } from "./dom.js";
import { ms, times } from "./numbers.js";
import { NAMES } from "../names.js";

/** Draw what was measured. */
export function drawnMeasured(found) {
  const sides = { rest: found.left, graphql: found.right };
  const longest = Math.max(...found.times.rest, ...found.times.graphql);
  return [
    h("p", { className: "verdict", dataset: { verdict: found.verdict } }, verdictOf(found)),
    h("ul", { className: "strips" }, Object.entries(sides).map(([side, one]) =>
      strip(side, one, found.times[side], longest))),
  ];
}

function verdictOf(found) {
  const { left, right, ratio, low, high } = found;
  const both = `${ms(left.median)} ms by REST, ${ms(right.median)} ms by GraphQL (medians)`;
  if (found.isByServers) {
    return `A tie: ${both}. They differ by no more than the two servers’ own constant answers (/ping).`;
  }
  const range = `REST’s time is ${low.toFixed(2)} to ${high.toFixed(2)} times GraphQL’s (95% interval)`;
  if (found.verdict === "none") {
    return `A tie: ${both}. ${range}, which is not wholly more than 5% away from 1.`;
  }
  const ahead = found.verdict === "left" ? "REST" : "GraphQL";
  return `${ahead} is ahead, ${times(Math.max(ratio, 1 / ratio))} as fast: ${both}. ${range}.`;
}

function strip(side, { median, interval: [low, high] }, samples, longest) {
  const dots = samples.map((sample) => styled(h("i"), { at: sample / longest }));
  const middle = styled(h("b"), {
    at: median / longest, low: low / longest, high: high / longest,
  });
  return h("li", { className: side },
    h("span", { className: "name" }, NAMES[side]),
    h("span", { className: "dots", ariaHidden: "true" }, dots, middle),
    h("span", { className: "told" },
      h("strong", {}, `${ms(median)} ms`), ` ${ms(low)} to ${ms(high)}`));
}
