// Asking the server. Every answer that is not the JSON we asked for is a `Failure`, whatever it looks like: a captive
// portal's page with status 200 is no answer of ours.

import { studio } from "./store.js";

const LONGEST_MS = 20_000;
const MOST_AFTER_CLOSING = 60_000; // characters that browsers still send when the page is gone

export class Failure extends Error {
  // kind: "line" nothing came back · "foreign" something that is not ours · "signed-out" · "refused" ours, and final
  // (4xx: access ended, bad request) · "busy" ours, and worth another try (5xx, 429)
  constructor(kind, { status = 0, message = "", remedy = "", code = "" } = {}) {
    super(message || kind);
    Object.assign(this, { kind, status, remedy, code });
  }
}

export const path = (rest) => `/leaflets/${studio.state.leaflet.id}${rest}`;

export async function ask(url, { method = "GET", body, signal } = {}) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  let answer;
  try {
    answer = await fetch(url, {
      method,
      keepalive: text !== undefined && text.length < MOST_AFTER_CLOSING / 3,
      headers: {
        Accept: "application/json",
        ...(method === "GET" ? {} : { "X-CSRFToken": studio.state.csrf, "Content-Type": "application/json" }),
      },
      body: text,
      credentials: "same-origin",
      signal: signal ?? AbortSignal.timeout(LONGEST_MS),
    });
  } catch {
    throw new Failure("line");
  }
  const ours = answer.headers.get("Content-Type")?.startsWith("application/json");
  let said;
  try {
    said = ours ? await answer.json() : undefined;
  } catch {
    throw new Failure("line");
  }
  if (!ours || typeof said !== "object") throw new Failure("foreign", { status: answer.status });
  if (answer.ok) return said;
  const busy = answer.status >= 500 || answer.status === 429;
  const kind = answer.status === 401 ? "signed-out" : busy ? "busy" : "refused";
  throw new Failure(kind, { status: answer.status, message: said.message, remedy: said.remedy, code: said.code });
}
