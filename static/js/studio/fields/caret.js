// Where the caret stands in text with style, counted in characters of its text, so that it can be found again after
// the text was written anew; and the range of some characters of one of its blocks.

const textsOf = (node) => {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const out = [];
  while (walker.nextNode()) out.push(walker.currentNode);
  return out;
};

// [anchor, focus] as offsets in root.textContent; undefined when the selection is elsewhere.
export function caretIn(root) {
  const selection = getSelection();
  if (!selection.rangeCount || !root.contains(selection.anchorNode)) return undefined;
  return [
    [selection.anchorNode, selection.anchorOffset],
    [selection.focusNode, selection.focusOffset],
  ].map(([node, offset]) => {
    const before = document.createRange();
    before.selectNodeContents(root);
    before.setEnd(node, offset);
    return before.toString().length;
  });
}

// Where an offset in the old text belongs in the new.
export function keptAt(at, was, now) {
  let head = 0;
  while (head < was.length && head < now.length && was[head] === now[head]) head += 1;
  return at <= head ? at : Math.max(head, at + now.length - was.length);
}

function point(root, offset) {
  let last;
  for (const text of textsOf(root)) {
    if (offset <= text.length) return [text, offset];
    offset -= text.length;
    last = text;
  }
  return last ? [last, last.length] : [root, 0];
}

export function placeCaret(editor, root, [anchor, focus]) {
  const range = document.createRange();
  range.setStart(...point(root, Math.min(anchor, focus)));
  range.setEnd(...point(root, Math.max(anchor, focus)));
  editor.setSelection(range);
}

// Characters `start` to `end` of the block of that number, counting blocks that hold words; a line break is one.
export function rangeIn(root, number, start, end) {
  const blocks = [...root.querySelectorAll("p, li")].filter((block) => block.textContent.replace(/[\u200b\s]/g, ""));
  const range = document.createRange();
  const block = blocks[number] ?? root;
  range.setStart(...pointIn(block, start));
  range.setEnd(...pointIn(block, end));
  return range;
}

function pointIn(block, offset) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  let last = [block, 0];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeName === "BR") offset -= 1;
    if (node.nodeType !== Node.TEXT_NODE) continue;
    if (offset <= node.length) return [node, Math.max(0, offset)];
    offset -= node.length;
    last = [node, node.length];
  }
  return last;
}
