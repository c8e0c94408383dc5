// One column for each side: its requests, the screen as a reader sees it, its answers.

import { drawnAnswer, shareBar } from "./answers.js";
import { byId, h } from "./dom.js";
import { overFetch } from "../loading/leaves.js";
import { drawn } from "./views.js";
import { drawWaterfall, mark, setScale } from "./waterfall.js";
import { NAMES } from "../names.js";

export class Side {
  constructor(side) {
    this.side = side;
    this.arm = h("code");
    this.scale = h("p", { className: "scale", ariaHidden: "true" });
    this.waterfall = h("ol", { className: "waterfall" });
    this.view = panel(`The screen by ${NAMES[side]}`);
    this.share = h("div");
    this.answer = panel(`An answer of ${NAMES[side]}`);
    byId("sides").append(h("section", { className: `side ${side}` },
      h("h2", {}, `${NAMES[side]} `, this.arm),
      h("div", { className: "requests" }, h("h3", {}, "Requests"), this.scale, this.waterfall),
      h("div", { className: "screen" }, h("h3", {}, "The screen"), this.view),
      h("div", { className: "answers" }, h("h3", {}, "Answers"), this.share, this.answer)));
  }

  clear(arm) {
    this.arm.textContent = arm.name;
    for (const element of [this.waterfall, this.view, this.share, this.answer]) {
      element.replaceChildren();
    }
  }

  /** The requests as they are at this moment, on a scale of so many milliseconds. */
  drawRequests(exchanges, now, longest) {
    setScale(this.scale, this.waterfall, longest);
    drawWaterfall(this.waterfall, exchanges, now, (exchange) => this.show(exchange));
  }

  drawScreen(name, view) {
    this.view.replaceChildren(drawn(name, view));
  }

  /** What a load that is over and counted has brought. */
  drawAnswers({ exchanges, counts }) {
    this.share.replaceChildren(shareBar(overFetch(counts.leafBytes)));
    this.show(exchanges[0]);
  }

  show(exchange) {
    mark(this.waterfall, exchange);
    this.answer.replaceChildren(...drawnAnswer(exchange).filter(Boolean));
  }
}

/** What scrolls by itself can be reached by keyboard. */
function panel(label) {
  const element = h("div", { className: "panel", tabIndex: 0, ariaLabel: label });
  element.setAttribute("role", "region");
  return element;
}
