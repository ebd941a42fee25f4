// One of a few options.

import { element } from "../element.js";

export function make(zone, { id, labelledby, describedby, changed, mayEdit }) {
  const radios = zone.options.map((option) =>
    element("input", { type: "radio", name: id, value: option.key, disabled: !mayEdit, onchange: () => changed({}) }),
  );
  const group = element(
    "div",
    { class: "options", role: "radiogroup", "aria-labelledby": labelledby, "aria-describedby": describedby },
    zone.options.map((option, at) =>
      element("label", { class: "pick" }, radios[at], element("span", {}, option.label)),
    ),
  );
  return {
    element: group,
    read: () => radios.find((radio) => radio.checked)?.value ?? "",
    write: (value) => radios.forEach((radio) => (radio.checked = radio.value === value)),
    focus: () => (radios.find((radio) => radio.checked) ?? radios[0])?.focus({ preventScroll: true }),
    texts: () => [],
  };
}
