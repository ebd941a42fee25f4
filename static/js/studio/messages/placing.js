// Where a message goes in a zone that holds words already. `where` is "all", "after", "new", or the number of an item.

const BLANK = (item) => Object.values(item ?? {}).every((text) => typeof text !== "string" || !text.trim());

export function placed(zone, value, offered, where) {
  if (zone.kind === "rich" && where === "after") return `${typeof value === "string" ? value : ""}${offered}`;
  if (zone.kind !== "items") return offered;
  const items = Array.isArray(value) ? value : [];
  if (where === "new") return [...items, ...offered];
  return items.length ? items.flatMap((item, at) => (at === where ? offered : [item])) : offered;
}

// The places that somebody may choose from: [{where, words}], the likeliest first.
export function placesIn(zone, value, approved, isTemplates) {
  if (zone.kind === "rich") {
    const all = { where: "all", words: "in place of everything there" };
    const after = { where: "after", words: "after what is there" };
    return !value ? [all] : isTemplates || approved?.every(Boolean) ? [all, after] : [after, all];
  }
  if (zone.kind !== "items") return [{ where: "all", words: "" }];
  const items = Array.isArray(value) ? value : [];
  const kept = items.map((item, at) => ({
    where: at,
    words: BLANK(item) ? `as number ${at + 1}, which is empty` : `in place of number ${at + 1}: “${nameOf(zone, item)}”`,
    rank: BLANK(item) ? 0 : approved?.[at] ? 3 : isTemplates ? 1 : 2,
  }));
  const more = { where: "new", words: "as one more", rank: 1.5 };
  const places = items.length < (zone.max_items || Infinity) ? [...kept, more] : kept;
  return places.sort((one, other) => one.rank - other.rank);
}

const nameOf = (zone, item) => String(item[zone.fields[0].key] ?? "").slice(0, 40);
