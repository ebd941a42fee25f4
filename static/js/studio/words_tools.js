// What can be done to all the words at once, in the tools' row. Find and replace is loaded when it is first asked for.

import * as copying from "./copying.js";
import { element } from "./element.js";
import { mayEdit } from "./fields.js";
import * as language from "./language.js";
import * as typing from "./typing.js";

export function build(tools = document.querySelector('[data-tools="words"]')) {
  const find = element("button", { type: "button", class: "quiet", title: "Ctrl+H" }, mayEdit ? "Find and replace" : "Find");
  const open = async () => (await import("./find.js")).open(find);
  find.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "h" || !event.ctrlKey || event.shiftKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    open();
  });
  tools.append(find);
  typing.build(tools);
  copying.build(tools);
  language.build(tools);
}
