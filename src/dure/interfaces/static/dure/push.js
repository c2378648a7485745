// Push messages: asks the browser for its address when the button is pressed, then sends the form.
// Without script, or in a browser without push, the form stays hidden and the page says so.
(() => {
  "use strict";
  const form = document.getElementById("push");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const refused = document.getElementById("push-refused");
  form.hidden = false;
  document.getElementById("push-cannot").hidden = true;

  const bytes = (text) => {
    const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, (char) => char.charCodeAt(0));
  };
  const subscribe = async () => {
    const worker = await navigator.serviceWorker.register(form.dataset.worker, { scope: "/" });
    await navigator.serviceWorker.ready;
    const made = await worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(form.dataset.key),
    });
    const { endpoint, keys } = made.toJSON();
    form.elements.endpoint.value = endpoint;
    form.elements.p256dh.value = keys.p256dh;
    form.elements.auth.value = keys.auth;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    subscribe().then(
      () => form.submit(),
      () => {
        refused.hidden = false;
      },
    );
  });
})();
