// Medians with intervals, and when two of them are a tie: by the rule of the comparison's reports.
// Intervals are percentile bootstraps of the median (Efron and Tibshirani, An Introduction to the
// Bootstrap, 13.3).

import { MATERIAL, RESAMPLES } from "../screens/index.js";

const TAIL = 0.025; // on each side of a 95% interval

/** The middle one of the values, or the mean of the two. */
export function median(values) {
  return quantile(Float64Array.from(values).sort(), 0.5);
}

/** The medians of as many resamples, drawn with replacement. */
export function resampledMedians(samples) {
  const drawn = new Float64Array(samples.length);
  return Float64Array.from({ length: RESAMPLES }, () => {
    for (let i = 0; i < drawn.length; i += 1) {
      drawn[i] = samples[Math.floor(Math.random() * samples.length)];
    }
    return quantile(drawn.sort(), 0.5);
  });
}

/** The middle 95% of the values, as `[low, high]`. */
export function interval(values) {
  const ordered = Float64Array.from(values).sort();
  return [quantile(ordered, TAIL), quantile(ordered, 1 - TAIL)];
}

/** Which side is the faster one, by the interval of left's time over right's. */
export function verdict(low, high) {
  if (high < 1 / MATERIAL) return "left";
  return low > MATERIAL ? "right" : "none";
}

/**
 * Two arms' times beside each other.
 *
 * A side is ahead only if the whole interval of the ratio is more than 5% away from 1, and if they
 * differ by more than their servers' constant answers do: by each of the steps that both wait for.
 *
 * @param {{times: number[], floors: number[], steps: number}} left in milliseconds
 * @param {{times: number[], floors: number[], steps: number}} right
 */
export function compared(left, right) {
  const [ofLeft, ofRight] = [left, right].map((side) => resampledMedians(side.times));
  const [low, high] = interval(ofLeft.map((value, index) => value / ofRight[index]));
  const summary = (side, medians) => ({ median: median(side.times), interval: interval(medians) });
  const summaries = { left: summary(left, ofLeft), right: summary(right, ofRight) };
  const byTimes = verdict(low, high);
  const isByServers = byTimes !== "none" && differsByServers(byTimes, summaries, { left, right });
  return {
    ...summaries, low, high, isByServers,
    ratio: summaries.left.median / summaries.right.median,
    verdict: isByServers ? "none" : byTimes,
  };
}

/** Whether the slower arm's server takes as much longer for constant answers. */
function differsByServers(faster, summaries, sides) {
  const slower = faster === "left" ? "right" : "left";
  const steps = Math.min(sides.left.steps, sides.right.steps);
  const servers = (median(sides[slower].floors) - median(sides[faster].floors)) * steps;
  return summaries[slower].median - summaries[faster].median <= Math.max(0, servers);
}

/** Linear between samples (Hyndman and Fan's type 7). */
function quantile(ordered, share) {
  const place = (ordered.length - 1) * share;
  const below = Math.floor(place);
  const next = ordered[Math.min(below + 1, ordered.length - 1)];
  return ordered[below] + (next - ordered[below]) * (place - below);
}
