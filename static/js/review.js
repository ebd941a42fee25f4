// The review page: what is typed stays on this device until it was taken, and a comment can be pinned to a point of the
// page. Passing, asking and sending back are plain forms.

const ROUND = 10; // tenths of a millimetre

// What was typed into a form, kept until the server has taken it; a page that comes back with it wins.
for (const form of document.querySelectorAll("form[data-keeps]")) {
  const boxes = [...form.elements].filter((box) => box.matches("textarea, input:not([type=hidden])"));
  const key = (box) => `${form.dataset.keeps} ${box.name}`;
  for (const box of boxes) {
    const kept = memory(key(box));
    if (kept !== null && box.value === box.defaultValue && !document.getElementById("problem")) box.value = kept;
    box.addEventListener("input", () => memory(key(box), box.value));
  }
  if (boxes.some((box) => box.value !== box.defaultValue)) form.closest("details")?.setAttribute("open", "");
  form.addEventListener("submit", () => boxes.forEach((box) => memory(key(box), null)));
}

function memory(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else if (value !== undefined) sessionStorage.setItem(key, value);
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

// A point of the page.
const point = document.getElementById("point");
const comment = document.getElementById("say");
const pages = () => [...document.querySelectorAll(".lit-page")];

if (point && comment) {
  point.hidden = false;
  point.addEventListener("click", () => {
    if (point.dataset.words) return leave();
    point.dataset.words = point.textContent;
    point.textContent = "Press the point on the page that you mean, or leave it";
    for (const page of pages()) page.classList.add("choosing");
    document.getElementById("pages").scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("click", choose, true);
  document.addEventListener("keydown", (event) => event.key === "Escape" && leave());
}

function leave() {
  if (point.dataset.words) point.textContent = point.dataset.words;
  delete point.dataset.words;
  for (const page of pages()) page.classList.remove("choosing");
}

function choose(event) {
  const page = event.target.closest?.(".lit-page.choosing");
  if (!page) return;
  event.preventDefault();
  event.stopPropagation();
  leave();
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(page.getScreenCTM().inverse());
  const mm = (length) => String(Math.max(0, Math.round(length * ROUND) / ROUND));
  const { page: number, x_mm: x, y_mm: y } = comment.elements;
  [number.value, x.value, y.value] = [page.dataset.page, mm(at.x), mm(at.y)];
  mark(page, at);
  comment.querySelector("label").textContent = `Your comment on this point of side ${page.dataset.page}`;
  comment.querySelector("textarea").focus();
}

function mark(page, at) {
  document.querySelector(".pin.new")?.remove();
  const draw = (tag, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const pin = draw("g", { class: "pin new" });
  const sign = draw("text", { x: at.x, y: at.y, dy: 1.15, "text-anchor": "middle", "font-size": 3.7 });
  sign.textContent = "+";
  pin.append(draw("circle", { cx: at.x, cy: at.y, r: 3.2 }), sign);
  page.append(pin);
}
