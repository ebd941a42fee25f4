// Asking the server from a page that is not the studio: JSON there and back, or an Error in words to show.

const LONGEST_MS = 20_000;

export async function ask(url, { token, body } = {}) {
  let answer;
  let said;
  try {
    answer = await fetch(url, {
      method: token === undefined ? "GET" : "POST",
      headers: {
        Accept: "application/json",
        ...(token === undefined ? {} : { "X-CSRFToken": token, "Content-Type": "application/json" }),
      },
      body: token === undefined ? undefined : JSON.stringify(body ?? {}),
      credentials: "same-origin",
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    said = await answer.json();
  } catch {
    throw new Error("There is no connection. Try again soon.");
  }
  if (answer.ok) return said;
  throw new Error([said.message, said.remedy].filter(Boolean).join(" "));
}

// Do what a button is for, once at a time, and say in `fault` what went wrong.
export async function doing(button, fault, what) {
  fault.hidden = true;
  button.disabled = true;
  try {
    await what();
  } catch (failure) {
    fault.textContent = failure.message;
    fault.hidden = false;
  } finally {
    button.disabled = false;
  }
}
