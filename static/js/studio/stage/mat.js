// As it lands on the doormat: folded, one face up, as small as it looks to somebody who stands over it. Three seconds
// decide whether it is read, so three seconds can be tried.

import { element } from "../element.js";
import { outerFaces } from "./folds.js";
import { paper } from "./page.js";

const SECONDS = 3;

export function make(format, { redraw }) {
  const faces = outerFaces(format);
  const ground = element("div", { class: "doormat" });
  const said = element("p", { class: "step-said", role: "status" });
  const papers = [];
  const choices = faces.map((face, number) =>
    element("button", { type: "button", onclick: () => turn(number) }, number ? underneath(face) : "Front"),
  );
  const test = element("button", { type: "button", class: "first", onclick: () => glance() }, "Look for three seconds");
  let up = 0;
  let waiting;

  function turn(number) {
    up = number;
    choices.forEach((choice, one) => choice.setAttribute("aria-pressed", one === up));
    lay();
  }

  function lay() {
    clearInterval(waiting);
    const one = paper(faces[up], { label: `${faces[up].label}, lying on the doormat` });
    papers.splice(0, papers.length, one);
    ground.replaceChildren(one.element);
    said.textContent = "";
    test.textContent = "Look for three seconds";
    test.onclick = glance;
    redraw();
  }

  function glance() {
    lay();
    let left = SECONDS;
    const tick = () => {
      said.textContent = left ? `${left} …` : "Gone. Who was it, and what did they promise? If you cannot say both, say less, larger.";
      if (left === 0) {
        clearInterval(waiting);
        papers.length = 0;
        ground.replaceChildren();
        test.textContent = "Lay it down again";
        test.onclick = lay;
      }
      left -= 1;
    };
    tick();
    waiting = setInterval(tick, 1000);
  }

  const way = element("div", { class: "steps-way", role: "group", "aria-label": "Which face is up" }, choices, test);
  turn(0);
  return { papers, element: element("div", { class: "view mat-view" }, ground, way, said) };
}

const underneath = ({ label }) => (label.includes("address") ? "The side with the address" : "Back");
