// The head of the studio, always in view: the leaflet's name, which is changed in place, and its deadline.

import { element } from "./element.js";
import { ask, path } from "./server.js";
import { studio } from "./store.js";

export function build(head = document.getElementById("studio-head")) {
  const title = head.querySelector("h1");
  if (studio.state.may.edit) title.after(renaming(title));
  deadline(studio.state.plan);
  studio.on("news", (news) => news.plan && deadline(news.plan));
  const top = head.closest(".studio-top");
  new ResizeObserver(() => measure(top)).observe(top);
  new ResizeObserver(() => measure(top)).observe(document.body);
}

// Style cannot know how high the head is, nor how far down the stage begins; both decide what is seen at once.
function measure(top) {
  const { style } = document.documentElement;
  style.setProperty("--studio-top", `${(top.offsetHeight || top.firstElementChild.offsetHeight)}px`);
  style.setProperty("--stage-top", `${document.querySelector(".studio-bench").offsetTop}px`);
}

function deadline(plan) {
  const place = document.getElementById("studio-deadline");
  place.className = `studio-deadline ${plan.state_class}`;
  place.replaceChildren(
    element(
      "a",
      { href: plan.url, title: plan.sentence },
      element("span", { class: "state" }, plan.state),
      " ",
      element("span", { class: "brief" }, plan.brief),
    ),
  );
}

function renaming(title) {
  const open = element(
    "button",
    { type: "button", class: "quiet", "aria-label": "Rename", onclick: () => begin() },
    element("span", { class: "words" }, "Rename"),
    element("span", { class: "pencil", "aria-hidden": "true" }, "✎"),
  );
  const name = element("input", { id: "studio-rename", maxLength: 200, required: true, "aria-label": "Name of the leaflet" });
  const fault = element("span", { class: "fault", role: "alert", hidden: true });
  const form = element(
    "form",
    { class: "rename", hidden: true },
    name,
    element("button", { class: "first" }, "Keep"),
    element("button", { type: "button", class: "quiet", onclick: () => end() }, "Leave it"),
    fault,
  );

  function begin() {
    name.value = title.textContent;
    title.classList.add("unseen"); // the page keeps its name while it is changed
    open.hidden = true;
    form.hidden = false;
    name.select();
  }

  function end() {
    title.classList.remove("unseen");
    open.hidden = false;
    form.hidden = fault.hidden = true;
    open.focus();
  }

  form.addEventListener("keydown", (event) => event.key === "Escape" && end());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const said = await ask(path("/title"), { method: "POST", body: { title: name.value } });
      title.textContent = document.title = said.title;
      end();
    } catch (failure) {
      fault.textContent = failure.kind === "refused" ? `${failure.message} ${failure.remedy}` : "The name is not kept yet: there is no connection. Try again in a moment.";
      fault.hidden = false;
      name.focus();
    }
  });
  return element("span", { class: "renaming" }, open, form);
}
