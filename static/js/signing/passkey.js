// Passkeys in the browser: whether it has them, making one, and showing one. Everything travels as JSON, with bytes in
// base64url, as the W3C's own toJSON() has it; browsers without that method are still many.

const bytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
};

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

export const hasPasskeys = () => Boolean(window.PublicKeyCredential && navigator.credentials);

// Whether the browser offers passkeys by itself, in the field for the address.
export async function offersByItself() {
  if (!hasPasskeys()) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.().catch(() => false)) ?? false;
}

// Show a passkey for what the server asked; undefined when nobody chose one.
export async function show(asked, { byItself = false, signal } = {}) {
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: [] };
  const mediation = byItself ? "conditional" : undefined;
  const shown = await chosen(navigator.credentials.get({ publicKey, mediation, signal }));
  if (!shown) return undefined;
  const { response } = shown;
  return written(shown, {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : null,
  });
}

// Make a passkey for what the server asked; undefined when nobody wanted to.
export async function make(asked) {
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: asked.excludeCredentials.map((each) => ({ ...each, id: bytes(each.id) })),
  };
  const made = await chosen(navigator.credentials.create({ publicKey }));
  if (!made) return undefined;
  const { response } = made;
  return written(made, {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
  });
}

const written = (credential, response) => ({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  clientExtensionResults: credential.getClientExtensionResults(),
  response,
});

// A passkey that exists already on this device says so (InvalidStateError); whoever closed the window said no.
async function chosen(asking) {
  try {
    return await asking;
  } catch (failure) {
    if (failure.name === "InvalidStateError") throw new Error("This device has a passkey for you already.");
    return undefined;
  }
}
