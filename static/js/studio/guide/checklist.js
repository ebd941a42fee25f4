// What is left to do, above the words: one clear line for the next thing, with one click to its place; the whole way
// folded beneath it. It leads and never blocks. What is done is said by the server (leaflets/domain/words/checklist.py) with
// the news.

import { announce } from "../announce.js";
import { element } from "../element.js";
import { isAsked } from "../review/asked.js";
import { send } from "../review/standing.js";
import { ask, path } from "../server.js";
import { studio } from "../store.js";

const LOOKING = "The press is looking whether everything fits.";
const MARKS = { done: "Done", open: "To do", waits: "Later" };

let steps = [];
let shown = "";
let nextKey;

export function build() {
  studio.on("news", (news) => show(news.checklist));
  studio.on("edit", unsettle);
  studio.on("approval", () => show(steps, { again: true }));
  show(studio.state.checklist);
}

// A change undoes what was said of the pages, before the server has heard of it.
function unsettle() {
  show(
    steps.map((step) => {
      if (step.key === "fits" && step.state === "done") return { ...step, state: "waits", sentence: LOOKING };
      return step.key === "read" || step.key === "ready" ? { ...step, state: "waits" } : step;
    }),
  );
}

// The zones whose words are still the template's own.
export const standIns = () => steps.find((step) => step.key === "own-words")?.items.map((item) => item.zone) ?? [];

// What comes when all is done: ordering, or what the offices say first (review/standing.js); `asked` is a change of theirs.
const OF_OFFICES = {
  unsent: "Everything is done: send it for approval.",
  changed: "Everything is done: send it again for approval.",
  returned: "Everything is done: send it again for approval.",
  waiting: "Everything is done. It can be ordered once it is passed.",
  asked: "Then send it again: what was passed stays passed.",
};
const ofOffices = (step) =>
  step.key === "ready" && step.state === "open" ? OF_OFFICES[isAsked() ? "asked" : studio.state.approval?.where] : undefined;

function show(newest, { again = false } = {}) {
  const text = JSON.stringify(newest);
  if (!newest || (text === shown && !again)) return;
  shown = text;
  steps = newest;
  const place = document.getElementById("checklist");
  const open = place.querySelector("details")?.open ?? false;
  const focused = place.contains(document.activeElement) && (document.activeElement.dataset.does ?? "way");
  const next = steps.find((step) => step.state !== "done") ?? steps.at(-1);
  const done = steps.filter((step) => step.state === "done").length;
  place.classList.toggle("later", isAsked()); // a change that an office asks for comes first
  place.replaceChildren(lead(next), way(done, next, open));
  if (focused) (place.querySelector(`[data-does="${focused}"]`) ?? place.querySelector("summary")).focus();
  if (nextKey && nextKey !== next.key) announce(next.sentence);
  nextKey = next.key;
  studio.tell("standins", standIns());
}

function lead(step) {
  return element(
    "div",
    { class: `next ${step.state} ${step.key}` },
    element("p", { class: "next-words" }, element("span", { class: "next-mark" }, step.key === "ready" ? "" : isAsked() ? "Then: " : "Next: "), ofOffices(step) ?? step.sentence),
    doing(step),
    element("p", { class: "fault", role: "alert", id: "checklist-fault", hidden: true }),
  );
}

// The one thing to press.
function doing(step) {
  if (step.key === "ready" && step.does === "send") {
    return step.state === "open" && studio.state.approval.may_send && !isAsked()
      ? element("button", { type: "button", class: "first", "data-does": "send-now", onclick: send }, studio.state.approval.where === "unsent" ? "Send for approval" : "Send it again")
      : undefined;
  }
  if (step.key === "ready") {
    return step.state === "open" && studio.state.may.order && !ofOffices(step)
      ? element("a", { class: "button first", href: step.url, "data-does": "order" }, "Go to ordering")
      : undefined;
  }
  if (step.key === "read") {
    return step.state === "open" && studio.state.may.edit
      ? element("button", { type: "button", class: isAsked() ? "" : "first", "data-does": "read", onclick: () => read(step) }, "I have read every word")
      : undefined;
  }
  return step.zone
    ? element("button", { type: "button", class: isAsked() ? "" : "first", "data-does": "go", onclick: () => go(step.zone) }, "Take me there")
    : undefined;
}

function way(done, next, open) {
  return element(
    "details",
    { open },
    element("summary", { "data-does": "way" }, `${done} of ${steps.length - 1} steps done`),
    element("ol", { class: "steps" }, steps.map((step) => line(step, step === next))),
  );
}

function line(step, isNext) {
  const freepost = step.key === "imprint" ? (studio.state.plan?.remarks ?? []) : [];
  return element(
    "li",
    { class: step.state, "aria-current": isNext ? "step" : null },
    element("span", { class: "step-mark" }, MARKS[step.state]),
    element("span", { class: "step-label" }, step.label),
    step.items.length || freepost.length
      ? element(
          "ul",
          {},
          step.items.map((item) => element("li", {}, place(item))),
          freepost.map((remark) => element("li", {}, element("a", { href: studio.state.plan.url, title: remark.source }, remark.sentence))),
        )
      : undefined,
  );
}

const place = (item) =>
  item.zone && studio.zones.has(item.zone)
    ? element("button", { type: "button", class: "quiet", onclick: () => go(item.zone) }, item.words)
    : item.words;

const go = (zone) => studio.tell("go", { zone, from: "list" });

async function read(step) {
  const button = document.querySelector('[data-does="read"]');
  button.disabled = true;
  try {
    const said = await ask(path("/read"), { method: "POST", body: { content: step.content } });
    show(said.checklist);
  } catch (failure) {
    button.disabled = false;
    const fault = document.getElementById("checklist-fault");
    fault.textContent =
      failure.kind === "refused" ? `${failure.message} ${failure.remedy}` : "That is not noted yet: there is no connection. Try again in a moment.";
    fault.hidden = false;
  }
}
