// Text with paragraphs: bold, italics, lists and links, in Squire (vendored). Its own undo is not used: ours is the
// leaflet's. What enters it, by hand, paste or drop, is read by prose.js first, so that nothing else can be in it; what
// leaves it is the one HTML that is stored.

import Squire from "../../../vendor/squire-rte-2.4.8/squire.js";
import { blocksOfHtml, isPicture, pastedProse, saidNo } from "../text/paste.js";
import * as prose from "../text/prose.js";
import { caretIn, keptAt, placeCaret, rangeIn } from "./caret.js";
import { toolbar } from "./toolbar.js";

const SILENCED = `
  Tab Shift-Tab PageUp PageDown Ctrl-u Ctrl-d Ctrl-[ Ctrl-] Ctrl-z Ctrl-y Ctrl-Shift-z Ctrl-Shift-Z Ctrl-Shift-5
  Ctrl-Shift-6 Ctrl-Shift-9 Meta-u Meta-d Meta-[ Meta-] Meta-z Meta-y Meta-Shift-z`
  .trim()
  .split(/\s+/);
const ALLOWED = /^(insert|delete|history|formatBold$|formatItalic$)/; // no underline, no colours, no alignment
const NO_UNDO = { documentSizeThreshold: 0, undoLimit: 1 };

const blocksIn = (root) =>
  prose
    .read(root, { collapse: false })
    .map((block) => ({
      ...block,
      runs: prose.merge(block.runs.map((run) => ({ ...run, text: run.text.replace(/\u200b/g, "") }))),
    }));

function asFragment(markup) {
  const fragment = document.createDocumentFragment();
  fragment.append(...prose.parsed(markup).childNodes);
  return document.importNode(fragment, true);
}

// One paragraph goes into the line where the caret stands; several are paragraphs of their own.
const markupOf = (blocks) =>
  blocks.length === 1 && !blocks[0].bullet ? prose.inline(blocks[0].runs) : prose.html(blocks);

export function make(_zone, { id, labelledby, describedby, changed, mayEdit, language }) {
  const root = document.createElement("div");
  Object.assign(root, { id, className: "rich-text", spellcheck: true, lang: language });
  for (const [name, value] of Object.entries({
    role: "textbox",
    "aria-multiline": "true",
    "aria-labelledby": labelledby,
    "aria-describedby": describedby,
    "aria-readonly": mayEdit ? undefined : "true",
    tabindex: "0",
  })) {
    if (value) root.setAttribute(name, value);
  }
  let shown = "";
  let ours = ""; // the mark-up that we have written ourselves; any other, of a drop, is read first
  let pasted = false;
  let unstyled = false;

  root.addEventListener("paste", paste, true);
  for (const key of ["keydown", "keyup"]) root.addEventListener(key, (event) => (unstyled = event.shiftKey), true);
  root.addEventListener("beforeinput", (event) => !ALLOWED.test(event.inputType) && stop(event), true);
  root.addEventListener("compositionstart", () => root.toggleAttribute("data-composing", true));
  root.addEventListener("compositionend", () => root.toggleAttribute("data-composing", false));
  const editor = new Squire(root, {
    blockTag: "P",
    addLinks: false,
    undo: NO_UNDO,
    sanitizeToDOMFragment: (markup) => asFragment(markup === ours ? markup : markupOf(blocksOfHtml(markup) ?? [])),
    didError: reportError,
  });
  for (const key of SILENCED) editor.setKeyHandler(key, null);
  if (!mayEdit) root.contentEditable = "false";
  editor.addEventListener("drop", () => (pasted = true));
  editor.addEventListener("input", () => {
    const now = prose.html(blocksIn(root));
    if (now === shown) return;
    shown = now;
    saidNo(root);
    changed({ paste: pasted });
    pasted = false;
  });

  function paste(event) {
    if (isPicture(event.clipboardData)) return;
    stop(event);
    if (!root.isContentEditable) return;
    const { blocks, no } = pastedProse(event.clipboardData, { unstyled });
    saidNo(root, no);
    if (no) return;
    pasted = true;
    ours = markupOf(blocks);
    editor.insertHTML(ours, true);
  }

  function write(value) {
    const blocks = prose.read(prose.parsed(typeof value === "string" ? value : ""));
    const caret = document.activeElement === root ? caretIn(root) : undefined;
    const was = root.textContent;
    ours = shown = prose.html(blocks);
    editor.modifyDocument(() => editor.setHTML(shown));
    if (!caret) return;
    const now = root.textContent;
    placeCaret(editor, root, [keptAt(caret[0], was, now), keptAt(caret[1], was, now)]);
  }

  const tools = mayEdit ? toolbar(editor, root, labelledby) : undefined;
  const whole = document.createElement("div");
  whole.className = "rich";
  whole.append(...(tools ? [tools] : []), root);
  return {
    element: whole,
    read: () => prose.html(blocksIn(root)),
    write,
    focus: () => root.focus({ preventScroll: true }),
    texts: () => {
      const blocks = blocksIn(root);
      return blocks.map((_, at) => ({
        where: "",
        get: () => prose.plainOf(blocks[at]),
        splice: (changes) => put(at, changes),
        select: (start, end) => {
          root.focus();
          editor.setSelection(rangeIn(root, at, start, end));
        },
      }));
      function put(at, changes) {
        blocks[at] = prose.spliced(blocks[at], changes);
        write(prose.html(blocks.filter((block) => prose.plainOf(block).trim())));
      }
    },
  };
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}
