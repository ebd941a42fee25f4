// The buttons above a text with paragraphs: bold, italic, list, link. One stop of the Tab key; arrows move within
// (ARIA Authoring Practices, "Toolbar"). The same by keyboard in the text: Ctrl+B, Ctrl+I, Ctrl+Shift+8, Ctrl+K.

import { element, unseen } from "../element.js";

const SCHEME = /^(https?|mailto|tel):/i;

export function toolbar(editor, root, labelledby) {
  const has = (tag) => editor.hasFormat(tag);
  const inList = () => /(^|>)UL/.test(editor.getPath()) || !!around(editor, "UL");
  const acts = [
    ["B", "Bold", "Ctrl+B", () => has("B"), (on) => (on ? editor.removeBold() : editor.bold())],
    ["I", "Italic", "Ctrl+I", () => has("I"), (on) => (on ? editor.removeItalic() : editor.italic())],
    ["List", "", "Ctrl+Shift+8", inList, (on) => (on ? editor.removeList() : editor.makeUnorderedList())],
    ["Link", "", "Ctrl+K", () => has("A"), askForLink],
  ];
  const buttons = acts.map(([sign, name, keys, isOn, act]) => {
    const button = element(
      "button",
      {
        type: "button",
        class: "tool",
        tabIndex: -1,
        title: `${name || sign} (${keys})`,
        "aria-pressed": "false",
        "aria-keyshortcuts": keys.replace("Ctrl", "Control"),
      },
      element("span", name ? { "aria-hidden": "true", class: `sign-${name.toLowerCase()}` } : {}, sign),
      name ? unseen(name) : null,
    );
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays where it is
    button.addEventListener("click", () => {
      act(isOn());
      show();
    });
    return button;
  });
  buttons[0].tabIndex = 0;
  const name = element("span", { id: `${root.id}-style`, class: "unseen" }, "Style of");
  const bar = element(
    "div",
    { class: "rich-tools", role: "toolbar", "aria-labelledby": `${name.id} ${labelledby}`, "aria-controls": root.id },
    buttons,
  );
  const link = linkForm(editor, show);
  const whole = element("div", {}, name, bar, link.element);

  function show() {
    acts.forEach(([, , , isOn], at) => buttons[at].setAttribute("aria-pressed", String(isOn())));
  }
  function askForLink() {
    link.open();
  }
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const to = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    buttons.forEach((button, at) => (button.tabIndex = at === to ? 0 : -1));
    buttons[to].focus();
  });
  for (const type of ["pathChange", "select", "cursor", "input"]) editor.addEventListener(type, show);
  for (const key of ["Ctrl-k", "Meta-k"]) {
    editor.setKeyHandler(key, (_self, event) => {
      event.preventDefault();
      askForLink();
    });
  }
  return whole;
}

function around(editor, tag) {
  const at = editor.getSelection().commonAncestorContainer;
  const from = at.nodeType === Node.ELEMENT_NODE ? at : at.parentElement;
  const found = from?.closest(tag);
  return found && editor.getRoot().contains(found) ? found : undefined;
}

// The address of a link is asked for in place, below the buttons.
function linkForm(editor, done) {
  const input = element("input", {
    type: "text",
    inputMode: "url",
    autocapitalize: "none",
    spellcheck: false,
    placeholder: "https://",
  });
  const said = element(
    "p",
    { class: "fault", role: "alert", hidden: true },
    "Write an address like https://example.org/page, or name@example.org.",
  );
  const put = element("button", { type: "submit", class: "small" }, "Make the link");
  const off = element("button", { type: "button", class: "quiet small" }, "Take the link off");
  const never = element("button", { type: "button", class: "quiet small" }, "Leave it");
  const form = element(
    "form",
    { class: "link-form", hidden: true, noValidate: true },
    element("label", { class: "small" }, "Where the link leads", input),
    said,
    element("div", { class: "link-buttons" }, put, off, never),
  );
  const close = () => {
    form.hidden = true;
    editor.focus();
    done();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const href = addressOf(input.value);
    said.hidden = !!href;
    if (!href) return;
    const old = around(editor, "A");
    editor.focus();
    if (old) {
      const range = document.createRange();
      range.selectNodeContents(old);
      editor.setSelection(range);
    }
    editor.makeLink(href);
    close();
  });
  off.addEventListener("click", () => {
    editor.focus();
    editor.removeLink();
    close();
  });
  never.addEventListener("click", close);
  form.addEventListener("keydown", (event) => event.key === "Escape" && (event.stopPropagation(), close()));
  return {
    element: form,
    open() {
      const old = around(editor, "A");
      form.hidden = false;
      said.hidden = true;
      off.hidden = !old;
      input.value = old?.getAttribute("href") ?? "";
      input.focus();
      input.select();
    },
  };
}

function addressOf(typed) {
  const words = typed.trim();
  if (SCHEME.test(words)) return words;
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(words)) return `mailto:${words}`;
  if (/^[\w-]+(\.[\w-]+)+([/?#]\S*)?$/.test(words)) return `https://${words}`;
  return "";
}
