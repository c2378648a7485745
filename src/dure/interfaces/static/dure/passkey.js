// Passkeys: the one thing on these pages that needs a script. Without it the parts marked
// data-passkey-only stay hidden and the password form works.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) => {
    const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, (char) => char.charCodeAt(0));
  };
  const text = (buffer) => {
    let raw = "";
    for (const byte of new Uint8Array(buffer)) raw += String.fromCharCode(byte);
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const listed = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const create = async (options, name) => {
    const publicKey = { ...options.publicKey };
    publicKey.challenge = bytes(publicKey.challenge);
    publicKey.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
    if (name) publicKey.user.name = publicKey.user.displayName = name;
    publicKey.excludeCredentials = listed(publicKey.excludeCredentials);
    publicKey.authenticatorSelection = {
      ...publicKey.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    };
    const made = await navigator.credentials.create({ publicKey });
    return {
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      response: {
        clientDataJSON: text(made.response.clientDataJSON),
        attestationObject: text(made.response.attestationObject),
        transports: made.response.getTransports ? made.response.getTransports() : [],
      },
      clientExtensionResults: made.getClientExtensionResults(),
    };
  };

  const get = async (options) => {
    const publicKey = { ...options.publicKey };
    publicKey.challenge = bytes(publicKey.challenge);
    publicKey.allowCredentials = listed(publicKey.allowCredentials);
    const found = await navigator.credentials.get({ publicKey });
    const handle = found.response.userHandle;
    return {
      id: found.id,
      rawId: text(found.rawId),
      type: found.type,
      response: {
        clientDataJSON: text(found.response.clientDataJSON),
        authenticatorData: text(found.response.authenticatorData),
        signature: text(found.response.signature),
        userHandle: handle ? text(handle) : null,
      },
      clientExtensionResults: found.getClientExtensionResults(),
    };
  };

  const stated = (id) => JSON.parse(document.getElementById(id).textContent);

  const send = async (form, making) => {
    const fault = form.querySelector("[data-passkey-error]");
    if (fault) fault.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await making());
      form.submit();
    } catch {
      if (fault) fault.hidden = false;
    }
  };

  for (const part of document.querySelectorAll("[data-passkey-only]")) part.hidden = false;

  for (const button of document.querySelectorAll("button[data-passkey=create]")) {
    button.addEventListener("click", () => {
      const name = button.form.elements.handle;
      send(button.form, () => create(stated(button.dataset.options), name && name.value));
    });
  }
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form, async () => {
        if (form.dataset.passkey === "get") return get(stated(form.dataset.options));
        const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
        return get((await answer.json()).request_options);
      });
    });
  }
})();
