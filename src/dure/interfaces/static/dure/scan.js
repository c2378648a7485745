// Reading a payment code by the camera, where the browser has a reader of its own. Without it the
// part stays hidden and the digits are typed.
(() => {
  "use strict";
  const part = document.getElementById("camera");
  if (!part || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const video = part.querySelector("video");
  const start = part.querySelector("[data-start]");
  const stop = part.querySelector("[data-stop]");
  const told = part.querySelector("[data-told]");
  const origin = part.dataset.origin;
  const path = /^(?:\/en)?\/pay\/[A-Za-z0-9_-]{22}\/?$/;
  let stream = null;

  const off = () => {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    stop.hidden = true;
    start.hidden = false;
  };

  const pathOf = (text) => {
    if (!text.startsWith(origin + "/")) return null;
    const rest = text.slice(origin.length);
    return path.test(rest) ? rest : null;
  };

  const look = async (reader) => {
    if (!stream) return;
    try {
      for (const found of await reader.detect(video)) {
        const rest = pathOf(found.rawValue);
        if (rest) {
          off();
          location.assign((document.documentElement.lang === "en" && !rest.startsWith("/en") ? "/en" : "") + rest.replace(/\/?$/, "/"));
          return;
        }
        told.textContent = told.dataset.foreign;
      }
    } catch {
      told.textContent = told.dataset.denied;
    }
    setTimeout(() => look(reader), 250);
  };

  start.addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      await video.play();
      start.hidden = true;
      stop.hidden = false;
      look(new BarcodeDetector({ formats: ["qr_code"] }));
    } catch {
      off();
      told.textContent = told.dataset.denied;
    }
  });
  stop.addEventListener("click", off);
  addEventListener("pagehide", off);
  part.hidden = false;
})();
