// Two texts, word by word: what only one of them has. The longest common run of words (Hunt and Szymanski would be
// faster; a zone holds a few hundred words, and what is alike at both ends is taken off first).

const MOST_STEPS = 4_000_000; // beyond that everything between the ends counts as changed

// Words with the spaces after them: [[word, isOnlyHere], …] for each text.
export function differing(one, other) {
  const [left, right] = [words(one), words(other)];
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) head += 1;
  let tail = 0;
  const most = Math.min(left.length, right.length) - head;
  while (tail < most && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail += 1;
  const middle = [left.slice(head, left.length - tail), right.slice(head, right.length - tail)];
  const common = middle[0].length * middle[1].length > MOST_STEPS ? [] : shared(...middle);
  const marked = (all, side) => {
    const kept = new Set(common.map((pair) => pair[side] + head));
    return all.map((word, at) => [word, at >= head && at < all.length - tail && !kept.has(at)]);
  };
  return [marked(left, 0), marked(right, 1)];
}

const words = (text) => text.match(/\S+\s*|\s+/g) ?? [];

// The longest common subsequence, as pairs of places.
function shared(one, other) {
  const width = other.length + 1;
  const lengths = new Uint16Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = one[i].trim() === other[j].trim()
        ? lengths[(i + 1) * width + j + 1] + 1
        : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const pairs = [];
  for (let i = 0, j = 0; i < one.length && j < other.length; ) {
    if (one[i].trim() === other[j].trim()) pairs.push([i++, j++]);
    else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) i += 1;
    else j += 1;
  }
  return pairs;
}
