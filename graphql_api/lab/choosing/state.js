// What is chosen, as the page's address holds it: so a choice can be kept, sent, put on a slide.

import { SCREENS } from "../screens/index.js";

export const DISTANCES = [0, 20, 100, 300]; // ms, there and back
export const PROTOCOLS = { http1: "HTTP/1.1, six at once", http2: "HTTP/2, all at once" };

const DEFAULTS = {
  screen: "order-history",
  rest: "rest/textbook",
  graphql: "graphql/planned",
  distance: 100,
  protocol: "http1",
  lesson: "",
};

/** The arms of a screen on one side, `rest` or `graphql`. */
export function armsOf(screen, side) {
  return screen.arms.filter((arm) => arm.name.startsWith(`${side}/`));
}

export function screenOf(name) {
  return SCREENS.find((screen) => screen.name === name) ?? SCREENS[1];
}

/** What an address asks for; what it leaves out, or has wrong, is as usual. */
export function fromAddress(search) {
  const given = new URLSearchParams(search);
  const state = { ...DEFAULTS, ...Object.fromEntries(given) };
  state.distance = DISTANCES.includes(Number(state.distance))
    ? Number(state.distance)
    : DEFAULTS.distance;
  if (!Object.hasOwn(PROTOCOLS, state.protocol)) state.protocol = DEFAULTS.protocol;
  return allowed(state);
}

/** The same, with arms that the screen has. */
export function allowed(state) {
  const screen = screenOf(state.screen);
  const arm = (side) => {
    const arms = armsOf(screen, side).map((one) => one.name);
    return arms.includes(state[side]) ? state[side] : side === "rest" ? arms[0] : arms.at(-1);
  };
  return { ...state, screen: screen.name, rest: arm("rest"), graphql: arm("graphql") };
}

/** The query of the page's address for a state. */
export function toAddress(state) {
  const names = Object.keys(DEFAULTS).filter((name) => state[name] !== "");
  const pairs = names.map((name) => [name, state[name]]);
  return `?${new URLSearchParams(pairs).toString().replaceAll("%2F", "/")}`;
}
