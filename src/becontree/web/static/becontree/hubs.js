// The phone in the room works without this file: its links ask again. With it, it asks by itself what the screen shows.
"use strict";

const room = document.querySelector("[data-room]");
if (room) {
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(room.dataset.room, { headers: { Accept: "application/json" } });
      if (!answer.ok) { location.reload(); return; }
      const { showing } = await answer.json();
      if (String(showing ?? "") !== room.dataset.showing) location.reload();
    } catch { /* the next round asks again */ }
  };
  setInterval(ask, 2500 + Math.random() * 1000);
}

// The wall counts those who have voted. Without this file the count is that of the moment the statement was put up.
const count = document.querySelector("[data-wall] .wall-count[role=status]");
if (count) {
  setInterval(async () => {
    try {
      const page = await fetch(location.href);
      if (!page.ok) return;
      const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector(".wall-count[role=status]");
      if (fresh && fresh.textContent !== count.textContent) count.textContent = fresh.textContent;
    } catch { /* the next round asks again */ }
  }, 4000);
}
