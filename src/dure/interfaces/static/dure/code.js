// A code on show: the time that is left, and a look every few seconds whether it was used. Without
// this script the page says when the code ends and has a link to look again.
(() => {
  "use strict";
  const part = document.querySelector("[data-poll]");
  if (!part) return;
  const left = part.querySelector("[data-left]");
  const ends = part.dataset.seconds ? Date.now() + Number(part.dataset.seconds) * 1000 : null;

  const tick = () => {
    const seconds = Math.max(Math.round((ends - Date.now()) / 1000), 0);
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    left.hidden = false;
    if (seconds === 0) location.reload();
    else setTimeout(tick, 1000);
  };
  if (ends && left) tick();

  const ask = async () => {
    try {
      const answer = await fetch(part.dataset.poll, { headers: { Accept: "application/json" } });
      if (answer.ok && (await answer.json()).state !== "open") {
        location.reload();
        return;
      }
    } catch {
      // no network: the next look may have one
    }
    setTimeout(ask, 3000);
  };
  setTimeout(ask, 3000);
})();
