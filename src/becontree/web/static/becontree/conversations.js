// Voting works without this file. With it the next card comes without a new page, and a live map says when it has grown.
"use strict";

const card = document.querySelector("#card");
if (card) {
  const said = document.querySelector("#said");
  const show = (form, told) => {
    const words = card.querySelector(".statement p");
    words.textContent = told.next.words;
    words.lang = told.next.language;
    form.elements.statement.value = told.next.number;
    card.querySelector("#answered").textContent = card.dataset.answered.replace("%s", told.answered);
    const question = card.querySelector(".question a") || card.querySelector(".question");
    question.textContent = told.next.about_you ? card.dataset.about : card.dataset.title;
    const receipt = card.querySelector("#receipt");
    receipt.hidden = !told.receipt;
    receipt.querySelector(".code").textContent = told.receipt;
    for (const button of form.querySelectorAll("button")) button.disabled = false;
    const box = words.parentElement;
    box.replaceWith(box.cloneNode(true)); // the arrival is animated again
    card.querySelector(".statement").focus();
    if (said) said.textContent = told.said || card.dataset.counted;
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("#card form.choices-three")) return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      if (!told.next) {
        location.assign(form.action + (told.after ? `?after=${told.after}` : ""));
        return;
      }
      show(form, told);
    } catch {
      // Whatever went wrong, the plain form knows what to say; the same vote twice counts once.
      const again = document.createElement("input");
      again.type = "hidden";
      again.name = "value";
      again.value = body.get("value");
      form.append(again);
      form.submit();
    }
  }, true);
}

// A map that is drawn while people vote: ask for its number (some bytes), say so when there is a newer one.
const live = document.querySelector("[data-map-version]");
if (live) {
  const news = document.querySelector("#news");
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(live.dataset.mapAddress, { headers: { "If-None-Match": `"${live.dataset.mapVersion}"` } });
      if (answer.status === 200 && (await answer.json()).version > Number(live.dataset.mapVersion)) {
        const page = await fetch(location.href);
        const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-map-version]");
        if (fresh && !live.contains(document.activeElement)) {
          live.innerHTML = fresh.innerHTML;
          live.dataset.mapVersion = fresh.dataset.mapVersion;
        } else if (news) news.hidden = false;
      }
    } catch { /* the next round asks again */ }
  };
  setInterval(ask, 4000 + Math.random() * 1000);
}
