// What is chosen: a screen, an arm on each side, what they are loaded over, and in which lesson.

import { SCREENS } from "../screens/index.js";

export const DISTANCES = [0, 20, 100, 300]; // ms, there and back
export const PROTOCOLS = { http1: "HTTP/1.1, six at once", http2: "HTTP/2, all at once" };

export const DEFAULTS = {
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

/** The same, with arms that the screen has. */
export function allowed(state) {
  const screen = screenOf(state.screen);
  const arm = (side) => {
    const arms = armsOf(screen, side).map((one) => one.name);
    return arms.includes(state[side]) ? state[side] : side === "rest" ? arms[0] : arms.at(-1);
  };
  return { ...state, screen: screen.name, rest: arm("rest"), graphql: arm("graphql") };
}
