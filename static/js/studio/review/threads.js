// Comments where they belong: at their zone, or in the list beside the page. What somebody is typing stays while the
// comments around it change, and on this device until it has arrived; sent twice, it is there once.

import { announce } from "../announce.js";
import { day, time } from "../clock.js";
import { element, unseen } from "../element.js";
import { mayWrite, newStep, slot } from "../fields/fields.js";
import { ask, path } from "../server.js";
import { studio } from "../store.js";
import { labelOf } from "../text/as_text.js";
import * as pins from "./pins.js";
import { wordsForm } from "./words_form.js";

const shown = new Map(); // id → {text, element, body}
let all = [];

export function show(comments) {
  all = comments ?? [];
  numberPoints();
  for (const [id, { element: gone }] of shown) {
    if (all.some((one) => one.id === id)) continue;
    gone.remove();
    shown.delete(id);
  }
  for (const one of all) put(one);
  count();
  pins.show(all, (id) => lead(id));
}

function numberPoints() {
  let number = 0;
  for (const one of all) if (one.page) one.number = ++number;
}

function put(one) {
  const text = JSON.stringify(one);
  const before = shown.get(one.id);
  if (before?.text === text) return;
  const made = before ?? frame(one);
  made.text = text;
  made.element.className = `said${one.resolved ? " resolved" : ""}${one.asks_change ? " asks" : ""}`;
  const focused = made.body.contains(document.activeElement);
  made.body.replaceChildren(...body(one));
  made.form.hidden = Boolean(one.resolved);
  if (focused) made.element.focus();
  if (before) return;
  shown.set(one.id, made);
  (placeOf(one) ?? document.getElementById("comment-list")).append(made.element);
}

const placeOf = ({ zone }) => (zone && studio.zones.has(zone) ? slot(zone, "review") : undefined);

function frame(one) {
  const inside = element("div", { class: "said-body" });
  const form = wordsForm({
    key: `answer-${one.id}`,
    label: `Answer ${one.by}`,
    button: "Answer",
    send: (words, op_id) => change(`/comments/${one.id}/answer`, { words, op_id }, "Your answer is there."),
  });
  return { body: inside, form, element: element("article", { id: `comment-${one.id}`, tabIndex: -1 }, inside, form) };
}

function body(one) {
  const about = one.page ? `point ${one.number} on side ${one.page}` : "";
  return [
    said(one, one.asks_change ? "asked for a change" : about && `on ${about}`),
    suggestion(one),
    one.answers.length
      ? element("ol", { class: "said-answers" }, one.answers.map((answer) => element("li", {}, said(answer, ""))))
      : undefined,
    one.resolved
      ? element(
          "p",
          { class: "small" },
          one.taken ? `${one.resolved} took the suggested words. ` : `${one.resolved} resolved this. `,
          element("button", { type: "button", class: "quiet", onclick: () => change(`/comments/${one.id}/reopen`, {}, "Open again.") }, "Open it again"),
        )
      : element(
          "p",
          { class: "said-acts" },
          element("button", { type: "button", class: "quiet", onclick: () => change(`/comments/${one.id}/resolve`, {}, "Resolved.") }, "Resolve", unseen(` what ${one.by} said`)),
        ),
  ].filter(Boolean);
}

function said({ by, mine, office, at, words }, does) {
  return element(
    "div",
    { class: "said-one" },
    element(
      "p",
      { class: "small soft" },
      element("strong", {}, mine ? "You" : by),
      office ? " (office)" : "",
      does ? ` ${does}` : "",
      ", ",
      element("time", { dateTime: at, title: new Date(at).toLocaleString("en-GB") }, when(at)),
    ),
    words ? element("p", { class: "said-words" }, words) : undefined,
  );
}

// Of today, the time is enough.
const when = (at) => (day(at) === day(new Date().toISOString()) ? time(at) : `${day(at)}, ${time(at)}`);

function suggestion(one) {
  if (!one.parts.length) return undefined;
  if (one.is_said) return element("p", { class: "small" }, "The suggested words are in the leaflet.");
  return element(
    "div",
    { class: "suggested" },
    element("p", { class: "small soft" }, "Suggested words"),
    element("blockquote", {}, one.parts.map(part)),
    mayWrite() ? element("button", { type: "button", class: "first", onclick: () => take(one) }, "Take these words") : undefined,
  );
}

const MARKS = { added: ["ins", "[added: "], removed: ["del", "[taken out: "] };

export function part({ text, change: how, strong, em }) {
  const styled = strong ? element("strong", {}, text) : em ? element("em", {}, text) : text;
  if (!MARKS[how]) return styled;
  const [tag, read] = MARKS[how];
  return element(tag, {}, unseen(read), styled, unseen("]"));
}

// An ordinary edit, kept on the device first and undone like any other; then the comment is told that it was taken.
export async function take({ id, zone, suggestion: value }) {
  const op_id = newStep();
  studio.edit(zone, value, { step: op_id, act: "restore" });
  studio.tell("go", { zone, from: "list" });
  announce("The suggested words are in the zone. Undo takes them out again.");
  await change(`/comments/${id}/take`, { op_id });
}

// Everything that is done to a comment is answered with all of them.
async function change(url, sent, done) {
  try {
    const answer = await ask(url, { method: "POST", body: sent });
    studio.state.comments = answer.comments;
    show(answer.comments);
    studio.tell("comments", answer.comments); // to whatever else shows them
    if (done) announce(done);
    return "";
  } catch (failure) {
    const why = ["refused", "busy"].includes(failure.kind) && failure.message
      ? `${failure.message} ${failure.remedy}`
      : "That has not arrived: there is no connection. Try again in a moment.";
    announce(why);
    return why;
  }
}

function count() {
  const open = all.filter((one) => !one.resolved);
  const list = document.getElementById("comment-list");
  let line = list.querySelector(".comment-count");
  if (!line) list.prepend((line = element("div", { class: "comment-count" })));
  const elsewhere = open.filter((one) => placeOf(one));
  line.replaceChildren(
    ...(open.length ? [element("p", {}, element("strong", {}, open.length === 1 ? "1 open comment" : `${open.length} open comments`))] : []),
    ...(elsewhere.length
      ? [element("ul", { class: "plain" }, elsewhere.map((one) =>
          element("li", {}, element("button", { type: "button", class: "quiet", onclick: () => lead(one.id) }, `${one.by} on ${labelOf(one.zone)}`))))]
      : []),
  );
}

export function lead(id) {
  const { element: there } = shown.get(id) ?? {};
  there?.scrollIntoView({ block: "center" });
  there?.focus({ preventScroll: true });
}

// A new comment: {zone}, {page, x_mm, y_mm}, or about the whole.
export function write(where) {
  const key = where.zone ? `zone-${where.zone}` : where.page ? "point" : "whole";
  const about = where.zone ? `on ${labelOf(where.zone)}` : where.page ? `on this point of side ${where.page}` : "on the whole leaflet";
  const place = (where.zone && slot(where.zone, "review")) || document.getElementById("comment-new");
  place.querySelector(`form[data-key="${key}"]`)?.remove();
  const close = () => {
    form.remove();
    pins.point(null);
  };
  const form = wordsForm({
    key,
    label: `Your comment ${about}`,
    button: "Comment",
    open: true,
    cancel: close,
    send: async (words, op_id) => {
      const why = await change(path("/comments"), { words, op_id, ...where }, "Your comment is there.");
      if (!why) close();
      return why;
    },
  });
  place.append(form);
  form.scrollIntoView({ block: "nearest" });
  form.querySelector("textarea").focus({ preventScroll: true });
}

export function point() {
  announce("Press the point on the page that you mean.");
  pins.choose((where) => {
    pins.point(where);
    write(where);
  });
}
