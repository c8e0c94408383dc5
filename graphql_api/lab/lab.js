// The lab: what is chosen is loaded over both APIs, side by side.

import { fromAddress, toAddress } from "./choosing/address.js";
import { drawChoices } from "./choosing/choices.js";
import { drawCounters } from "./drawing/counters.js";
import { difference } from "./measuring/difference.js";
import { byId, h } from "./drawing/dom.js";
import { LoadFailed } from "./loading/errors.js";
import { AT_ONCE, Link } from "./loading/link.js";
import { connect, counted, load } from "./loading/load.js";
import { drawnMeasured } from "./drawing/measured.js";
import { LOADS, measure, told } from "./measuring/measure.js";
import { forget } from "./loading/resource_timing.js";
import { Side } from "./drawing/sides.js";
import { inItsStep } from "./choosing/lessons.js";
import { allowed, DISTANCES, screenOf } from "./choosing/state.js";
import { NAMES } from "./names.js";

const { rest, graphql } = document.documentElement.dataset;
const SERVERS = { rest, graphql: location.origin + graphql };
const REAL = { h2: "HTTP/2", "http/1.1": "HTTP/1.1" };
const BETWEEN_DRAWINGS_MS = 50; // what draws takes the processor from what is loaded

// Behind TLS a browser speaks HTTP/2 by itself; without it there is only HTTP/1.1 to simulate on.
const spoken = performance.getEntriesByType("navigation")[0].nextHopProtocol;
const real = location.protocol === "https:" ? spoken : null;
const sides = { rest: new Side("rest"), graphql: new Side("graphql") };
let state = null;
let running = null; // what ends the loads that are under way

/** Set everything up as the page's address says, and tell what of it cannot be. */
function open() {
  const { state: asked, wrong } = fromAddress(location.search);
  state = asked;
  running?.abort();
  running = null;
  setBusy(false);
  byId("status").textContent = "";
  byId("message").hidden = true;
  byId("results").hidden = true; // they are another state's
  draw();
  const sentences = wrong.map((one) => h("p", {}, `In this page’s address, ${one}`));
  byId("address").replaceChildren(...sentences);
  byId("address").hidden = !wrong.length;
}

function chosen(changes) {
  state = inItsStep(allowed({ ...state, ...changes }));
  history.replaceState(null, "", toAddress(state));
  byId("address").hidden = true; // it is right now
  draw();
}

/** A lesson is set up by its link, but without the server, which may have stopped meanwhile. */
function followed(event) {
  const link = event.target.closest("a");
  const { button, ctrlKey, metaKey, shiftKey, altKey } = event;
  if (!link || button || ctrlKey || metaKey || shiftKey || altKey) return; // a tab of its own
  event.preventDefault();
  history.pushState(null, "", link.href);
  open();
}

function draw() {
  if (real) state.protocol = real === "h2" ? "http2" : "http1";
  drawChoices(state, real && (REAL[real] ?? real));
}

function linkOf({ distance, protocol }) {
  return new Link(distance, protocol === "http2" ? Infinity : AT_ONCE);
}

function armsOf({ screen, rest, graphql }) {
  const { arms } = screenOf(screen);
  const named = (name) => arms.find((arm) => arm.name === name);
  return { rest: named(rest), graphql: named(graphql) };
}

/** Load both sides once: the loads, counted; they show the same, or an error says where not. */
async function race(asked, signal) {
  const loads = { rest: null, graphql: null };
  const arms = armsOf(asked);
  for (const side of Object.keys(sides)) sides[side].clear(arms[side]);
  byId("measured").hidden = true;
  drawCounters(byId("counters"), arms, loads);
  await openConnections(asked, signal);
  forget();
  const drawing = drawnWhile(arms, loads);
  try {
    await inTheirOrder(asked.distance, async (side) => {
      const began = performance.now();
      const loaded = await load(arms[side], SERVERS, linkOf(asked), signal, (exchanges) => {
        loads[side] = { exchanges, began };
      });
      loads[side] = loaded;
      sides[side].drawScreen(asked.screen, loaded.view);
    });
  } finally {
    drawing.end();
  }
  for (const side of Object.keys(sides)) {
    loads[side] = await counted(loads[side]);
  }
  drawing.once();
  for (const side of Object.keys(sides)) sides[side].drawAnswers(loads[side]);
  const found = difference(loads.rest.view, loads.graphql.view);
  if (found) throw new LoadFailed(`The screens differ ${told(found)}: what was loaded is not the same.`);
  return loads;
}

/** Side by side where they wait for the network; else one after the other, undisturbed. */
async function inTheirOrder(distance, loadSide) {
  const order = Math.random() < 0.5 ? ["rest", "graphql"] : ["graphql", "rest"];
  if (distance) {
    await Promise.all(order.map(loadSide));
  } else {
    for (const side of order) await loadSide(side);
  }
}

async function openConnections({ protocol }, signal) {
  const many = protocol === "http2" ? 1 : AT_ONCE;
  await Promise.all([
    connect(NAMES.rest, SERVERS.rest, many, signal),
    connect(NAMES.graphql, SERVERS.graphql, 1, signal),
  ]);
}

/** Draws what is under way, frame by frame, until it is told to end. */
function drawnWhile(arms, loads) {
  let frame = 0;
  let drawnAt = -Infinity;
  const once = () => {
    const known = Object.entries(loads).filter(([, one]) => one !== null);
    const elapsed = known.map(([, one]) => one.ms ?? performance.now() - one.began);
    const longest = Math.max(0, ...elapsed);
    known.forEach(([side, one], index) => {
      sides[side].drawRequests(one.exchanges, elapsed[index], longest);
    });
    drawCounters(byId("counters"), arms, loads);
  };
  const next = (now) => {
    if (now - drawnAt >= BETWEEN_DRAWINGS_MS) {
      drawnAt = now;
      once();
    }
    frame = requestAnimationFrame(next);
  };
  next(performance.now());
  return { once, end: () => cancelAnimationFrame(frame) };
}

async function measured(asked, signal) {
  const loads = await race(asked, signal);
  const hidden = new AbortController();
  const watch = () => hidden.abort(new LoadFailed(
    "This page was out of sight, where browsers slow it down: load 20 times again.",
  ));
  const progress = byId("progress");
  progress.value = 0;
  progress.hidden = false;
  document.addEventListener("visibilitychange", watch, { once: true });
  try {
    const ends = AbortSignal.any([signal, hidden.signal]);
    const found = await measure(loads, SERVERS, () => linkOf(asked), ends, (rounds) => {
      progress.value = rounds;
    });
    byId("measured-told").replaceChildren(...drawnMeasured(found));
    byId("measured").hidden = false;
  } finally {
    progress.hidden = true;
    document.removeEventListener("visibilitychange", watch);
  }
}

/** Run what a button starts; whatever goes wrong is told, and the page stays as it was. */
async function run(what, task) {
  running?.abort();
  const controller = new AbortController();
  running = controller;
  const asked = state; // what is chosen meanwhile is for the next load
  const focused = document.activeElement;
  setBusy(true);
  byId("message").hidden = true;
  byId("results").hidden = false;
  byId("buttons").scrollIntoView({ block: "start" }); // what follows is below
  byId("status").textContent = `Loading ${asked.screen}${what} …`;
  try {
    await task(asked, controller.signal);
    if (running !== controller) return; // another state is set up
    byId("status").textContent = `Loaded ${asked.screen}${what}.`;
  } catch (error) {
    controller.abort();
    if (running !== controller) return;
    byId("status").textContent = error.name === "AbortError" ? "Stopped." : "";
    if (error.name !== "AbortError") tell(error);
  } finally {
    if (running === controller) {
      setBusy(false);
      // A button that is disabled or hidden loses the focus.
      if (document.activeElement === document.body) focused.focus({ preventScroll: true });
    }
  }
}

function tell(error) {
  if (!(error instanceof LoadFailed)) console.error(error);
  byId("message").textContent = error.message;
  byId("message").hidden = false;
}

function setBusy(isBusy) {
  byId("load").disabled = isBusy;
  byId("measure").disabled = isBusy;
  byId("stop").hidden = !isBusy;
  byId("results").setAttribute("aria-busy", String(isBusy));
}

byId("choices").addEventListener("input", ({ target }) => {
  const value = target.id === "distance" ? DISTANCES[Number(target.value)] : target.value;
  chosen({ [target.name || target.id]: value });
});
byId("choices").addEventListener("submit", (event) => {
  event.preventDefault();
  run("", race);
});
byId("measure").addEventListener("click", () => run(` ${LOADS} times`, measured));
byId("stop").addEventListener("click", () => running?.abort());
document.querySelector(".lessons").addEventListener("click", followed);
addEventListener("popstate", open);
open();
