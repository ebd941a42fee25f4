// What every part of the studio knows, and how the parts hear of each other. It touches neither page nor server.
//
// Events (name: detail):
//   edit       {zone, value, step, act, of}   somebody here changed a zone; `words` already holds it
//   words      {zone, value, version, by}     the zone has other words than the field shows: the field follows
//   undo, redo                                somebody pressed the keys for it in a field
//   go         {zone, from}                   go to a zone; `from` is "page", "field", "list", "link" or "undo"
//   look                                      the stage needs another look now (`studio.look` says which): ask for news
//   language                                  the words are in another language now
// Of words on their way (saving/):
//   outbox                                    what waits to be sent has changed
//   standing   "well" | …                     how the line to the server stands: see sync.js
//   saved      {state, words, why}            "saved", "device" or "not": see saved.js
// Of what the server said (saving/hearing.js):
//   news       {…}                            all of it, every time; parts take what is theirs
//   proof, people, conflicts, shelf, plan, problems, comments, approval    the newest of each, when it is another than before;
//              `shelf` is a text that changes when anything about the campaign's pictures does
// Of pictures (pictures/):
//   pictures                                  the campaign's pictures were read anew: see shelf.js
//   arrivals   [{zone, state, …}]             pictures on their way: see arrivals.js
// Of what is to be done (guide/):
//   standins   [zone]                         the zones that hold the template's own words: see checklist.js
//   remarks    [{level, message, zone, …}]    all that is to be put right or looked at: see problems.js

const state = JSON.parse(document.getElementById("studio-state").textContent);
const zones = new Map(state.zones.map((zone) => [zone.key, zone]));
const words = new Map(Object.entries(state.words));
const ears = new Map();

export const studio = {
  state,
  zones, // key → zone of the template, in the order in which a reader meets them
  words, // key → {value, version, at}: what the zone holds here and now
  look: state.may.edit ? "screen" : null, // the look of proof that the stage needs; sent with edits and with news

  on(name, hear) {
    ears.set(name, [...(ears.get(name) ?? []), hear]);
  },

  tell(name, detail) {
    for (const hear of ears.get(name) ?? []) {
      try {
        hear(detail);
      } catch (fault) {
        reportError(fault); // a part that fails takes no other with it, least of all the one that keeps the words
      }
    }
  },

  // A change made here. `step` groups what is undone together; `act` and `of` are as the server knows them.
  edit(zone, value, { step, act = "typed", of = "" }) {
    words.set(zone, { ...(words.get(zone) ?? { version: 0 }), value });
    studio.tell("edit", { zone, value, step, act, of });
  },

  // Words that came from elsewhere: another person, a restored version, a chosen text.
  hear(zone, { value, version, by = "", at }) {
    words.set(zone, { value, version, at });
    studio.tell("words", { zone, value, version, by });
  },
};
