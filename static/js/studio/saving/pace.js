// How often the server is asked: after an answer, about as long as it took to come; after a failure, longer each time
// and never quite the same, so that a room full of people does not come back in one moment.

const SHORTEST_MS = 40;
const LONGEST_MS = 1_000;
const FIRST_TRY_MS = 400;
const LAST_TRY_MS = 15_000;

let roundTrip = 100; // milliseconds, as it has been lately
let failures = 0;

export const pace = {
  answered(took_ms) {
    failures = 0;
    roundTrip += (took_ms - roundTrip) / 4;
    return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, roundTrip));
  },

  failed() {
    const wait = Math.min(LAST_TRY_MS, FIRST_TRY_MS * 2 ** failures);
    failures += 1;
    return wait * (0.5 + Math.random());
  },

  get failures() {
    return failures;
  },

  // Something changed for the better (the line is back, somebody looks at the page): begin again with short waits.
  forget() {
    failures = 0;
  },
};
