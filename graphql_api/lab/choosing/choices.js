// What can be chosen: lessons, screen, arms, distance, connections.

import { byId, h } from "../drawing/dom.js";
import { toAddress } from "./address.js";
import { LESSONS, lessonOf, stateOf } from "./lessons.js";
import { SCREENS } from "../screens/index.js";
import { armsOf, DISTANCES, PROTOCOLS, screenOf } from "./state.js";

/** Draw all of it for a state; `real` is the protocol where the page need not simulate it. */
export function drawChoices(state, real) {
  const screen = screenOf(state.screen);
  pills("screens", "screen", SCREENS.map((one) => [one.name, one.name]), state.screen);
  for (const side of ["rest", "graphql"]) {
    const arms = armsOf(screen, side);
    const labels = arms.map((arm) => [arm.name, arm.name.slice(side.length + 1)]);
    pills(`${side}-arms`, side, labels, state[side]);
    const chosen = arms.find((arm) => arm.name === state[side]);
    byId(`${side}-does`).textContent = `${chosen.description}.`;
  }
  pills("protocols", "protocol", Object.entries(PROTOCOLS), state.protocol);
  byId("protocol").disabled = Boolean(real);
  drawDistance(state, real);
  drawLessons(state);
}

/** One of several: those that are there already stay, with the focus that one of them may have. */
function pills(id, name, labels, chosen) {
  const there = [...byId(id).querySelectorAll("input")];
  if (String(there.map((one) => one.value)) !== String(labels.map(([value]) => value))) {
    byId(id).replaceChildren(...labels.flatMap(([value, text]) => {
      const input = h("input", { type: "radio", name, value, id: `${name}-${value}` });
      return [input, h("label", { htmlFor: input.id }, text)];
    }));
  }
  for (const input of byId(id).querySelectorAll("input")) input.checked = input.value === chosen;
}

function drawDistance({ distance }, real) {
  const input = byId("distance");
  const text = distance ? `${distance} ms there and back` : "0 ms: this machine";
  byId("distances").replaceChildren(
    ...DISTANCES.map((ms, index) => h("option", { value: index, label: `${ms} ms` })),
  );
  input.value = DISTANCES.indexOf(distance);
  input.setAttribute("aria-valuetext", text);
  byId("distance-told").textContent = text;
  byId("network-told").textContent = real
    ? `The distance is simulated in this page, request by request; the protocol is the real one, ${real}.`
    : "Distance and connections are simulated in this page, request by request: each is held up"
      + " for half the distance on its way and half on its way back.";
}

function drawLessons(state) {
  const current = lessonOf(state);
  links("lessons", LESSONS.map((lesson) => [toAddress(stateOf(lesson, 0)),
    h("strong", {}, lesson.title), h("span", {}, lesson.brief)]));
  mark("lessons", LESSONS.indexOf(current?.lesson), "page");
  byId("lesson").hidden = !current;
  if (!current) return;
  const { lesson, step } = current;
  links("steps", lesson.steps.map((one, index) => [
    toAddress(stateOf(lesson, index)), `${index + 1}. ${one.title}`]));
  mark("steps", step, "step");
  byId("step-told").textContent = step >= 0
    ? lesson.steps[step].text.join(" ")
    : "Other arms are chosen than in any step of this lesson. Choose a step to go on with it.";
}

/** A list of links: those that are there already stay, with the focus that one of them may have. */
function links(id, addressed) {
  const there = [...byId(id).querySelectorAll("a")].map((link) => link.getAttribute("href"));
  if (String(there) === String(addressed.map(([address]) => address))) return;
  byId(id).replaceChildren(...addressed.map(([href, ...content]) =>
    h("li", {}, h("a", { href }, content))));
}

function mark(id, current, kind) {
  byId(id).querySelectorAll("a").forEach((link, index) => {
    if (index === current) link.setAttribute("aria-current", kind);
    else link.removeAttribute("aria-current");
  });
}
