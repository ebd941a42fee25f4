// Comments at a point of a page, as numbered pins on the pages; and choosing such a point.

import { drawing } from "../drawing.js";
import { element } from "../element.js";
import { studio } from "../store.js";

const RADIUS_MM = 3.2;

let points = [];
let chosen = null; // where a new comment is to be
let lead = () => {};
let choosing;

export function show(comments, follow) {
  points = comments.filter((one) => one.page && !one.resolved);
  lead = follow;
  draw();
}

// The place of a comment that is being written.
export function point(where) {
  chosen = where;
  draw();
}

// The next press on a page is a point: `then({page, x_mm, y_mm})`. Escape leaves it, and so does a button on the stage,
// for whoever has no keys.
export function choose(then) {
  const room = document.querySelector(".stage-room");
  choosing?.abort();
  choosing = new AbortController();
  const { signal } = choosing;
  const end = () => {
    choosing.abort();
    room.classList.remove("choosing");
  };
  const leave = element("button", { type: "button", class: "quiet", onclick: end }, "Leave it");
  const said = element("p", { class: "stage-word" }, "Press the point on the page that you mean. ", leave);
  signal.addEventListener("abort", () => said.remove());
  room.after(said);
  room.classList.add("choosing");
  room.scrollIntoView({ block: "nearest" });
  const press = (event) => {
    const paper = event.target.closest?.(".paper");
    if (!paper) return;
    event.preventDefault();
    event.stopPropagation();
    end();
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(paper.getScreenCTM().inverse());
    then({ page: Number(paper.dataset.side) + 1, x_mm: round(at.x), y_mm: round(at.y) });
  };
  room.addEventListener("click", press, { capture: true, signal });
  document.addEventListener("keydown", (event) => event.key === "Escape" && end(), { signal });
}

const round = (mm) => Math.max(0, Math.round(mm * 10) / 10);

function draw() {
  for (const paper of document.querySelectorAll(".paper[data-side]")) {
    paper.querySelector(":scope > .pins")?.remove();
    const page = Number(paper.dataset.side) + 1;
    const here = points.filter((one) => one.page === page);
    if (chosen?.page !== page && !here.length) continue;
    paper.append(drawing("g", { class: "pins" }, here.map(pin), chosen?.page === page ? pin({ ...chosen, number: "+" }) : null));
  }
}

function pin({ id, number, x_mm: x, y_mm: y, by, words }) {
  const made = drawing(
    "g",
    { class: "pin", ...(id ? { role: "button", tabindex: "0" } : {}) },
    drawing("title", {}, id ? `Comment ${number} by ${by}: ${words}` : "Your comment"),
    drawing("circle", { cx: x, cy: y, r: RADIUS_MM }),
    drawing("text", { x, y, dy: RADIUS_MM * 0.36, "text-anchor": "middle", "font-size": RADIUS_MM * 1.15 }, String(number)),
  );
  if (id) {
    const go = (event) => {
      event.stopPropagation();
      lead(id);
    };
    made.addEventListener("click", go);
    made.addEventListener("keydown", (event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), go(event)));
  }
  return made;
}

// Another view, and every step of unfolding, has other papers.
new MutationObserver((changes) => {
  const came = changes.flatMap(({ addedNodes }) => [...addedNodes]);
  if (came.some((node) => node.matches?.(".paper, :has(.paper)"))) draw();
}).observe(document.querySelector(".stage-room"), { childList: true, subtree: true });
studio.on("proof", draw);
