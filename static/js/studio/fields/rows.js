// A list whose rows are added, taken out and moved, by button or with Alt and the arrow keys: items, a chart's bars.
//
//   make()  → {parts: elements, read, write, isEmpty, focus, texts}   one row; `read` gives what is kept of it

import { announce } from "../announce.js";
import { element, unseen } from "../element.js";

export function rows({ make, noun, most, fewest = 0, required, mayEdit, changed, labels }) {
  const list = element("ol", { class: "rows" });
  const count = element("span", { class: "count" });
  const more = element("button", { type: "button", class: "quiet small", onclick: add }, `Add another ${noun}`);
  const foot = element("div", { class: "under" }, more, count);
  const whole = element("div", { role: "group", ...labels }, list, foot);
  let made = [];

  function put(at) {
    const row = make();
    row.line = element("li", { class: "row" }, row.parts, mayEdit ? buttons(row) : null);
    row.line.addEventListener("keydown", (event) => {
      if (!event.altKey || event.ctrlKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown") || !mayEdit) return;
      event.preventDefault();
      move(row, event.key === "ArrowUp" ? -1 : 1, document.activeElement);
    });
    made.splice(at, 0, row);
    list.insertBefore(row.line, list.children[at] ?? null);
    return row;
  }

  function buttons(row) {
    const button = (words, then, name) =>
      element(
        "button",
        { type: "button", class: "quiet small", "data-does": name, onclick: (event) => then(event.currentTarget) },
        words,
        unseen(` ${noun} `),
      );
    row.up = button("Up", (here) => move(row, -1, here), "up");
    row.down = button("Down", (here) => move(row, 1, here), "down");
    row.out = button("Take out", () => takeOut(row), "out");
    return element("div", { class: "row-buttons" }, row.up, row.down, row.out);
  }

  function add() {
    put(made.length).focus();
    settle();
  }

  function takeOut(row) {
    const at = made.indexOf(row);
    made.splice(at, 1);
    row.line.remove();
    settle();
    (made[at] ?? made.at(-1) ?? { focus: () => more.focus() }).focus();
    announce(`Taken out. ${many()}.`);
    changed({ paste: true });
  }

  function move(row, by, here) {
    const at = made.indexOf(row);
    const to = at + by;
    if (to < 0 || to >= made.length) return;
    made.splice(at, 1);
    made.splice(to, 0, row);
    list.insertBefore(row.line, by < 0 ? made[to + 1].line : (made[to + 1]?.line ?? null));
    settle();
    (here.disabled ? (by < 0 ? row.down : row.up) : here).focus({ preventScroll: true });
    row.line.scrollIntoView({ block: "nearest" });
    announce(`Moved to place ${to + 1} of ${made.length}.`);
    changed({ paste: true });
  }

  const many = () => `${made.length} ${noun}${made.length === 1 ? "" : "s"}`;

  function settle() {
    made.forEach((row, at) => {
      row.line.querySelectorAll(".unseen").forEach((place) => (place.textContent = ` ${noun} ${at + 1}`));
      if (!row.up) return;
      row.up.disabled = at === 0;
      row.down.disabled = at === made.length - 1;
      row.up.hidden = row.down.hidden = made.length === 1;
    });
    more.hidden = !mayEdit || (most > 0 && made.length >= most);
    const wanted = most && fewest === most ? `${most}` : most ? `up to ${most}` : "";
    count.textContent = wanted ? `${made.length} of ${wanted}` : "";
    count.classList.toggle(
      "over",
      (most > 0 && made.length > most) || (made.length < fewest && (required || made.length > 0)),
    );
  }

  return {
    element: whole,
    rows: () => made,
    read: () => made.filter((row) => !row.isEmpty()).map((row) => row.read()),
    write(values) {
      while (made.length > values.length) made.pop().line.remove();
      values.forEach((value, at) => (made[at] ?? put(at)).write(value));
      settle();
    },
    focus: () => (made[0] ?? { focus: () => more.focus() }).focus(),
    texts: () => made.flatMap((row, at) => row.texts(at + 1)),
  };
}
