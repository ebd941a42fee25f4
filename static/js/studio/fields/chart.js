// A bar chart: a label and a number for each bar, and where the numbers come from.

import { element, unseen } from "../element.js";
import { rows } from "./rows.js";
import { box } from "./text.js";

const NUMBER = /^-?\d{1,15}(\.\d{0,8}[1-9])?$/; // written as a number exactly as it was typed

let made = 0;

export function make(zone, { id, labelledby, describedby, changed, mayEdit, language }) {
  const source = box({ id: `${id}-source`, changed, mayEdit, language });
  const row = () => {
    const number = (made += 1);
    const label = box({ id: `${id}-${number}-bar`, changed, mayEdit, language });
    const amount = box({ id: `${id}-${number}-number`, changed, mayEdit, spellcheck: false, inputmode: "decimal" });
    const part = (words, input) =>
      element(
        "div",
        { class: "part" },
        element("label", { class: "small", htmlFor: input.id }, words, unseen("")),
        input,
      );
    return {
      parts: [part("Bar", label.input), part("Number", amount.input)],
      isEmpty: () => !label.read().trim() && !amount.read().trim(),
      read: () => ({ label: label.read(), number: NUMBER.test(amount.read()) ? Number(amount.read()) : amount.read() }),
      write(value) {
        label.write(String(value?.label ?? ""));
        amount.write(String(value?.number ?? ""));
      },
      focus: () => label.input.focus({ preventScroll: true }),
      texts: (at) => [label.text(`bar ${at}`)],
    };
  };
  const bars = rows({
    make: row,
    noun: "bar",
    most: zone.max_items,
    fewest: zone.min_items,
    required: zone.required,
    mayEdit,
    changed,
    labels: {},
  });
  bars.element.classList.add("chart-rows");
  const whole = element(
    "div",
    { role: "group", "aria-labelledby": labelledby, "aria-describedby": describedby },
    bars.element,
    element(
      "div",
      { class: "part" },
      element("label", { class: "small", htmlFor: source.input.id }, "Where the numbers come from"),
      source.input,
    ),
  );
  return {
    element: whole,
    read() {
      const kept = bars.read();
      if (!kept.length && !source.read().trim()) return null;
      return { labels: kept.map((bar) => bar.label), numbers: kept.map((bar) => bar.number), source: source.read() };
    },
    write(value) {
      const labels = Array.isArray(value?.labels) ? value.labels : [];
      const numbers = Array.isArray(value?.numbers) ? value.numbers : [];
      bars.write(
        Array.from({ length: Math.max(labels.length, numbers.length) }, (_, at) => ({
          label: labels[at],
          number: numbers[at],
        })),
      );
      source.write(typeof value?.source === "string" ? value.source : "");
    },
    focus: bars.focus,
    texts: () => [...bars.texts(), source.text("source")],
  };
}
