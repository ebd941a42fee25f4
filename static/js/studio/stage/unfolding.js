// Folding it out: what a reader sees at each step, at its true proportions. The part that a step turned over swings
// about the edge that it turned on.

import { element } from "../element.js";
import { unfolding } from "./folds.js";
import { paper } from "./page.js";

const WAY_PX = 120; // the steps and their words, under the paper

export function make(format, { redraw }) {
  const steps = unfolding(format);
  const table = element("div", { class: "table" });
  const said = element("p", { class: "step-said", role: "status" });
  const papers = [];
  const choices = steps.map(({ label }, number) =>
    element("button", { type: "button", onclick: () => show(number) }, element("span", { class: "number" }, String(number + 1)), label),
  );
  const before = element("button", { type: "button", onclick: () => show(at - 1) }, "Fold back");
  const next = element("button", { type: "button", onclick: () => show(at + 1) }, "Unfold");
  if (!format.folds.length) [before.textContent, next.textContent] = ["Front", "Turn over"];
  let at = 0;

  table.style.setProperty("--wide", format.width_mm);
  table.style.setProperty("--high", format.height_mm);

  function show(number, { still = false } = {}) {
    const pressed = [before, next].find((button) => button === document.activeElement);
    const forward = number >= at;
    at = number;
    const leaves = steps[at].leaves.map(({ box, at_mm, hinge }) => {
      const one = paper(box, { label: `${box.label ?? steps[at].label}, as it will print` });
      one.element.classList.add("leaf");
      if (hinge && !still && forward) one.element.classList.add(`hinged-${hinge}`);
      one.element.style.setProperty("--at", at_mm);
      return one;
    });
    papers.splice(0, papers.length, ...leaves);
    table.replaceChildren(...leaves.map((one) => one.element));
    said.textContent = `${steps[at].said}`;
    before.disabled = at === 0;
    next.disabled = at === steps.length - 1;
    if (pressed?.disabled) (pressed === before ? next : before).focus(); // a button that goes takes no focus with it
    choices.forEach((choice, one) => choice.setAttribute("aria-pressed", one === at));
    if (!still) redraw();
  }

  show(0, { still: true });
  const way = element("div", { class: "steps-way", role: "group", "aria-label": "Steps of unfolding" }, before, choices, next);
  return {
    papers,
    part: { width_mm: format.width_mm, height_mm: format.height_mm, below_px: WAY_PX },
    element: element("div", { class: "view unfolding-view" }, table, way, said),
  };
}
