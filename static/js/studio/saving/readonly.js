// Access that ended while the page was open: the words stay to be read and copied, and nothing more can be typed that
// could not be saved. When access is back, so are the fields.

import { studio } from "../store.js";

const FIELDS = "input, textarea";
const CONTROLS = "select, button, input[type=file], input[type=radio], input[type=checkbox]";

let held = []; // what to do to give each control back

export function watchAccess(words = document.getElementById("words")) {
  studio.on("standing", (standing) => {
    if (standing === "ended" && !held.length) hold(words);
    else if (standing === "well") release();
  });
}

function hold(words) {
  for (const field of words.querySelectorAll(FIELDS)) set(field, "readOnly", true);
  for (const control of words.querySelectorAll(CONTROLS)) set(control, "disabled", true);
  for (const text of words.querySelectorAll("[contenteditable=true]")) set(text, "contentEditable", "false");
}

function set(control, property, value) {
  const before = control[property];
  held.push(() => {
    control[property] = before;
  });
  control[property] = value;
}

function release() {
  for (const giveBack of held) giveBack();
  held = [];
}
