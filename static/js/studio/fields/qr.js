// A QR code: the address that it opens, and the words beside it.

import { element } from "../element.js";
import { box } from "./text.js";

export function make(zone, { id, labelledby, describedby, changed, mayEdit, language }) {
  const shared = { changed, mayEdit, language };
  const url = box({
    ...shared,
    id,
    spellcheck: false,
    inputmode: "url",
    autocapitalize: "none",
    placeholder: "https://",
    "aria-describedby": describedby,
  });
  const label = box({ ...shared, id: `${id}-label` });
  const group = element(
    "div",
    { class: "pair", role: "group", "aria-labelledby": labelledby },
    part("Web address", url.input),
    part("Words beside the code", label.input),
  );
  return {
    element: group,
    read() {
      const typed = { url: url.read(), label: label.read() };
      return typed.url.trim() || typed.label.trim() ? typed : null;
    },
    write(value) {
      url.write(value?.url ?? "");
      label.write(value?.label ?? "");
    },
    focus: () => url.input.focus({ preventScroll: true }),
    texts: () => [label.text("words beside the code")],
  };
}

const part = (words, input) =>
  element("div", { class: "part" }, element("label", { class: "small", htmlFor: input.id }, words), input);
