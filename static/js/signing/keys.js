// Somebody's own page and the page of the second step: making a passkey, and showing one instead of six digits.

import { ask, doing } from "./asking.js";
import { hasPasskeys, make, show } from "./passkey.js";

const token = document.querySelector("input[name=csrf_token]").value;
const fault = document.getElementById("passkey-fault");
const maker = document.getElementById("make-passkey");
const shower = document.getElementById("show-passkey");
const printer = document.getElementById("print");

if (hasPasskeys()) {
  for (const each of [maker, shower]) each?.closest("[hidden]")?.removeAttribute("hidden");
  document.getElementById("no-passkeys")?.remove();
}

maker?.addEventListener("submit", (event) => {
  event.preventDefault();
  doing(maker.querySelector("button"), fault, async () => {
    const credential = await make(await ask("/account/passkeys/ask", { token }));
    if (!credential) return;
    await ask("/account/passkeys", { token, body: { credential, name: maker.elements.name.value } });
    location.assign("/account#passkeys");
    location.reload();
  });
});

shower?.addEventListener("click", () =>
  doing(shower, fault, async () => {
    const credential = await show(await ask("/sign-in/passkey/ask", { token }));
    if (!credential) return;
    await ask("/sign-in/second-step/passkey", { token, body: { credential } });
    const held = document.getElementById("step");
    if (held.dataset.held) held.submit();
    else location.assign(held.elements.next.value);
  }),
);

printer?.addEventListener("click", () => print());
