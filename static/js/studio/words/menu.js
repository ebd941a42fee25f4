// What can be done to all the words at once, in one menu of the tools' row. Find and replace is loaded when it is first
// asked for.

import { element } from "../element.js";
import { mayEdit } from "../fields/fields.js";
import { sign } from "../sign.js";
import * as copying from "./copying.js";
import * as language from "./language.js";
import * as typing from "./typographer.js";

export function build(tools = document.querySelector('[data-tools="words"]')) {
  const list = element("div", { class: "menu-list" });
  const summary = element("summary", {}, ...sign("words", "Words"));
  const menu = element("details", { class: "menu" }, summary, list);
  const find = element(
    "button",
    { type: "button", class: "quiet", title: "Ctrl+H" },
    mayEdit ? "Find and replace" : "Find",
  );
  list.append(find);
  typing.build(list);
  copying.build(list);
  language.build(list);
  tools.append(menu);

  const open = async () => {
    menu.open = false;
    (await import("./find.js")).open(summary);
  };
  find.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "h" || !event.ctrlKey || event.shiftKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    open();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    summary.focus();
  });
  document.addEventListener("pointerdown", (event) => !menu.contains(event.target) && (menu.open = false));
  menu.addEventListener(
    "focusout",
    (event) => event.relatedTarget && !menu.contains(event.relatedTarget) && (menu.open = false),
  );
}
