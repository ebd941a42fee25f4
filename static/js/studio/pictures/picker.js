// The shelf as a dialog, for whoever wants one of its pictures in a zone: each says how sharply it would print there.
// More can be added from here; they appear as soon as they are prepared.

import { element } from "../element.js";
import { studio } from "../store.js";
import { arrivals } from "./arrivals.js";
import { sharpIn } from "./framing.js";
import { arrivalWords } from "./progress.js";
import { address, shelf } from "./shelf.js";

let dialog;
let redraw = () => {};
studio.on("pictures", () => redraw());
studio.on("arrivals", () => redraw());

// Resolves to the picture chosen, or to nothing.
export function choosePicture(zone, current) {
  dialog?.remove();
  const grid = element("ul", { class: "plain shelf-pictures" });
  const coming = element("ul", { class: "plain", "aria-label": "Pictures on their way to the shelf" });
  const said = element("p", { class: "soft", role: "status" });
  const input = element("input", { type: "file", accept: "image/*,.heic,.heif,.tif,.tiff", multiple: true, hidden: true });
  const close = element("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Close");
  dialog = element(
    "dialog",
    { class: "shelf-picker", "aria-labelledby": "shelf-picker-title" },
    element("header", {}, element("h2", { id: "shelf-picker-title" }, `A picture for “${zone.label}”`), close),
    said,
    grid,
    coming,
    element(
      "footer",
      { class: "actions" },
      element("button", { type: "button", onclick: () => input.click() }, "Add pictures"),
      input,
      element("a", { href: address() }, "Rights, credits, and where each stands"),
    ),
  );
  input.addEventListener("change", () => {
    arrivals.add([...input.files], null);
    input.value = "";
  });
  document.body.append(dialog);
  return new Promise((resolve) => {
    let chosen;
    dialog.addEventListener("close", () => {
      redraw = () => {};
      dialog.remove();
      resolve(chosen);
    });
    const choose = (picture) => {
      chosen = picture;
      dialog.close();
    };
    redraw = () => {
      const fit = shelf.pictures.filter((picture) => picture.state === "ready" && !picture.taken_off);
      const focused = grid.contains(document.activeElement) ? document.activeElement.dataset.picture : undefined;
      said.textContent = fit.length ? "" : shelf.isRead ? "The shelf is empty. Add the first pictures below." : "Looking…";
      grid.replaceChildren(...fit.map((picture) => card(zone, picture, current, choose)));
      if (focused) grid.querySelector(`[data-picture="${focused}"]`)?.focus();
      coming.replaceChildren(...arrivals.of(null).map((arrival) => arrivalWords(arrival)));
    };
    redraw();
    shelf.read().catch(() => {
      if (!shelf.isRead) said.textContent = "The shelf cannot be read just now: there is no line to us. Your own files can still be chosen.";
    });
    dialog.showModal();
  });
}

function card(zone, picture, current, choose) {
  const sharp = sharpIn(zone, picture, 1);
  const used = picture.used.length;
  return element(
    "li",
    {},
    element(
      "button",
      {
        type: "button",
        class: "shelf-picture",
        "data-picture": picture.picture,
        "aria-current": picture.picture === current ? "true" : undefined,
        onclick: () => choose(picture),
      },
      element("img", { src: picture.src, alt: "", loading: "lazy", width: picture.width_px, height: picture.height_px }),
      element("span", { class: "shelf-name" }, picture.name),
      element("span", { class: "picture-sharp", "data-sharp": sharp.kind }, sharp.words),
      used ? element("span", { class: "small soft" }, `in ${used} ${used === 1 ? "leaflet" : "leaflets"}`) : null,
    ),
  );
}
