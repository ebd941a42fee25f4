// Adding a row to a list and taking one out, without sending the form. Without this file the same buttons send it.

const rowsOf = (list) => [...list.querySelectorAll(":scope > .row")];

// Names, ids and labels of a row carry its number: after any change every row is numbered afresh.
function number(list) {
  rowsOf(list).forEach((row, index) => {
    for (const part of row.querySelectorAll("[name], [id], [for], [data-count-of]")) {
      for (const attribute of ["name", "id", "for", "data-count-of"]) {
        const value = part.getAttribute(attribute);
        if (value) part.setAttribute(attribute, value.replace(/([.-])\d+([.-])(?=[a-z_]+$)/, `$1${index}$2`));
      }
    }
    for (const drop of row.querySelectorAll("[data-drop-row]")) drop.value = drop.value.replace(/\d+$/, index);
    for (const words of row.querySelectorAll(".unseen")) {
      words.textContent = words.textContent.replace(/\d+/, index + 1);
    }
  });
  const most = Number(list.dataset.most) || Infinity;
  const more = document.querySelector(`[data-more-rows="${list.dataset.rows}"]`);
  if (more) more.hidden = rowsOf(list).length >= most;
}

function clear(row) {
  for (const field of row.querySelectorAll("input, textarea")) {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

document.addEventListener("click", (event) => {
  const drop = event.target.closest("[data-drop-row]");
  const more = event.target.closest("[data-more-rows]");
  if (drop) {
    const row = drop.closest(".row");
    const list = row.parentElement;
    event.preventDefault();
    clear(row);
    if (rowsOf(list).length > 1) row.remove();
    number(list);
    list.querySelector("input, textarea")?.focus();
  } else if (more) {
    const list = document.querySelector(`[data-rows="${more.dataset.moreRows}"]`);
    const last = rowsOf(list).at(-1);
    if (!last) return;
    event.preventDefault();
    const added = last.cloneNode(true);
    list.append(added);
    number(list);
    clear(added);
    added.querySelector("input, textarea").focus();
  }
});
