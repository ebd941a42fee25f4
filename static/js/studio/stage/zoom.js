// How large the pages are shown. A view says how large its largest part is; from that and from the room there is comes
// `--mm`, the width of a millimetre on the screen, and everything in the view is sized by it.

import { element } from "../element.js";
import { sign } from "../sign.js";

const TRUE_SIZE = 96 / 25.4; // CSS pixels in a millimetre, at 100 %
const STACKED = matchMedia("(max-width: 63.99rem)"); // pages above words: the room is as high as what is in it
const STACKED_SHARE = 0.62; // of the screen's height, for a whole side
const STEPS = [50, 75, 100, 125, 150, 200, 300, 400];

// A part is {width_mm, height_mm, below_px}: the largest thing in a view, and what stands under it in any size.
export class Zoom {
  #room; // what scrolls
  #part = { width_mm: 1, height_mm: 1 };
  #changed;
  choice = "side"; // "side", "width", or percent

  constructor(room, changed) {
    this.#room = room;
    this.#changed = changed;
    this.shown = element("output", { class: "zoom-shown", "aria-live": "off" });
    this.element = element(
      "div",
      { class: "zoom", role: "group", "aria-label": "Size of the pages" },
      element("button", { type: "button", "aria-label": "Smaller", "aria-keyshortcuts": "-", onclick: () => this.step(-1) }, "−"),
      this.shown,
      element("button", { type: "button", "aria-label": "Larger", "aria-keyshortcuts": "+", onclick: () => this.step(1) }, "+"),
      (this.whole = this.#fit("side", "Whole side", "0")),
      (this.wide = this.#fit("width", "Full width")),
    );
    new ResizeObserver(() => this.apply()).observe(room);
    room.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    room.addEventListener("keydown", (event) => this.#key(event));
    this.#pinch();
  }

  #fit(choice, words, key) {
    const chosen = ({ currentTarget: button }) => {
      this.choose(choice);
      // A narrow screen offers the other one instead: whoever works by keys goes on from there.
      if (!button.checkVisibility()) [this.whole, this.wide].find((one) => one !== button).focus();
    };
    return element("button", { type: "button", "aria-keyshortcuts": key, onclick: chosen }, ...sign(choice, words));
  }

  fit(part) {
    this.#part = part;
    this.apply();
  }

  // Pixels of the screen, not of CSS, that a millimetre takes.
  get sharpness() {
    return this.scale * globalThis.devicePixelRatio;
  }

  get scale() {
    const style = getComputedStyle(this.#room);
    const wide = this.#room.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const around = parseFloat(style.paddingTop) + parseFloat(style.paddingBottom);
    const high = STACKED.matches ? document.documentElement.clientHeight * STACKED_SHARE : this.#room.clientHeight - around;
    const { width_mm, height_mm, below_px = 0 } = this.#part;
    if (this.choice === "width") return wide / width_mm;
    if (this.choice === "side") return Math.max(0.2, Math.min(wide / width_mm, (high - below_px) / height_mm));
    return (this.choice / 100) * TRUE_SIZE;
  }

  get percent() {
    return Math.round((this.scale / TRUE_SIZE) * 100);
  }

  // Keep what is at (x, y) of the room where it is, or else its middle.
  choose(choice, x = this.#room.clientWidth / 2, y = this.#room.clientHeight / 2) {
    const before = this.scale;
    this.choice = choice;
    this.apply();
    const grown = this.scale / before;
    this.#room.scrollLeft = (this.#room.scrollLeft + x) * grown - x;
    this.#room.scrollTop = (this.#room.scrollTop + y) * grown - y;
  }

  step(by) {
    const now = this.percent;
    const next = by > 0 ? STEPS.find((step) => step > now) : STEPS.findLast((step) => step < now);
    this.choose(next ?? STEPS.at(by > 0 ? -1 : 0));
  }

  apply() {
    this.#room.style.setProperty("--mm", `${this.scale}px`);
    this.shown.value = `${this.percent} %`;
    this.whole.setAttribute("aria-pressed", this.choice === "side");
    this.wide.setAttribute("aria-pressed", this.choice === "width");
    this.#changed();
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    const act = { "+": () => this.step(1), "=": () => this.step(1), "-": () => this.step(-1), 0: () => this.choose("side") };
    if (!act[event.key]) return;
    event.preventDefault();
    act[event.key]();
  }

  #wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const { left, top } = this.#room.getBoundingClientRect();
    this.#to(this.percent * Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
  }

  #to(percent, x, y) {
    this.choose(Math.min(STEPS.at(-1), Math.max(STEPS[0], percent)), x, y);
  }

  #pinch() {
    const fingers = new Map();
    let began;
    const apart = () => {
      const [one, other] = [...fingers.values()];
      return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    };
    const lift = (event) => fingers.delete(event.pointerId);
    this.#room.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "touch") return;
      fingers.set(event.pointerId, event);
      if (fingers.size === 2) began = { apart: apart(), percent: this.percent };
    });
    this.#room.addEventListener("pointermove", (event) => {
      if (!fingers.has(event.pointerId)) return;
      fingers.set(event.pointerId, event);
      if (fingers.size !== 2) return;
      const { left, top } = this.#room.getBoundingClientRect();
      const [one, other] = [...fingers.values()];
      const middle = { x: (one.clientX + other.clientX) / 2 - left, y: (one.clientY + other.clientY) / 2 - top };
      this.#to((began.percent * apart()) / began.apart, middle.x, middle.y);
    });
    for (const end of ["pointerup", "pointercancel"]) this.#room.addEventListener(end, lift);
  }
}
