// The page's address holds all that is chosen: so a choice can be kept, sent, put on a slide.

import { allNames, inItsStep, named, stateOf } from "./lessons.js";
import { allowed, armsOf, DEFAULTS, DISTANCES, PROTOCOLS, screenOf } from "./state.js";
import { SCREENS } from "../screens/index.js";

const LONGEST = 60; // characters of an address that are told

/**
 * What an address asks for, and sentences on what it has wrong. What it leaves out is as in the step
 * of its lesson, or as usual.
 *
 * @param {string} search the query of the address
 * @returns {{state: object, wrong: string[]}}
 */
export function fromAddress(search) {
  const given = Object.fromEntries(new URLSearchParams(search));
  const step = named(given.lesson ?? "");
  const usual = step ? { ...DEFAULTS, ...stateOf(step.lesson, step.step) } : DEFAULTS;
  const asked = { ...usual, ...given };
  const distance = DISTANCES.find((ms) => String(ms) === String(asked.distance));
  const state = inItsStep(allowed({
    screen: asked.screen,
    rest: asked.rest,
    graphql: asked.graphql,
    distance: distance ?? usual.distance,
    protocol: Object.hasOwn(PROTOCOLS, asked.protocol) ? asked.protocol : usual.protocol,
    lesson: asked.lesson,
  }));
  const wrong = Object.entries(given)
    .filter(([name, text]) => !isAsGiven(state, name, text))
    .map(([name, text]) => toldWrong(state, name, text));
  return { state, wrong };
}

/** The query of the page's address for a state. */
export function toAddress(state) {
  const names = Object.keys(DEFAULTS).filter((name) => state[name] !== "");
  const pairs = names.map((name) => [name, state[name]]);
  return `?${new URLSearchParams(pairs).toString().replaceAll("%2F", "/")}`;
}

function isAsGiven(state, name, text) {
  if (!Object.hasOwn(state, name)) return false;
  if (name === "lesson" && state.lesson.startsWith(`${text}/`)) return true; // without its step
  return String(state[name]) === text;
}

function toldWrong(state, name, text) {
  const given = `${shortened(name)}=${shortened(text)}`;
  if (!Object.hasOwn(state, name)) {
    return `${given}: there are only ${Object.keys(state).join(", ")}.`;
  }
  const step = name === "lesson" ? named(text) : null;
  if (step) {
    const { screen, rest, graphql } = stateOf(step.lesson, step.step);
    return `${given} is about ${screen} by ${rest} and ${graphql}, not about what is chosen here.`;
  }
  const taken = state[name] === "" ? "no lesson is shown" : `${state[name]} is taken`;
  return `${given} is none of ${choicesOf(state, name).join(", ")}; ${taken}.`;
}

function choicesOf(state, name) {
  const screen = screenOf(state.screen);
  return {
    screen: SCREENS.map((one) => one.name),
    rest: armsOf(screen, "rest").map((arm) => arm.name),
    graphql: armsOf(screen, "graphql").map((arm) => arm.name),
    distance: DISTANCES,
    protocol: Object.keys(PROTOCOLS),
    lesson: allNames(),
  }[name];
}

function shortened(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
