// Everything works without this file. It makes a few things nicer.
"use strict";

// An error summary takes the focus, so that a screen reader reads it first.
const summary = document.querySelector(".error-summary");
// But where a page says which field to begin with, as at the clerk's, that is not taken away.
if (summary && !document.querySelector(".field--error [autofocus]")) summary.focus();

// The menu closes by Escape, and when the reader goes elsewhere. Without script its own button closes it.
const menu = document.querySelector("details.menu");
if (menu) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  for (const kind of ["click", "focusin"]) {
    document.addEventListener(kind, (event) => {
      if (!menu.contains(event.target) || (kind === "click" && event.target.closest("a"))) menu.open = false;
    });
  }
}

// A form is sent once, however often the button is pressed. The server would refuse the second as well.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});

// Whoever comes back to a page can send its forms again: the server tells the same words from other words.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// A long text says how much room is left.
for (const box of document.querySelectorAll("textarea[maxlength]")) {
  const note = document.createElement("p");
  note.className = "hint";
  note.setAttribute("aria-live", "polite");
  const say = () => {
    const left = box.maxLength - box.value.length;
    note.textContent = left < box.maxLength / 4 ? `${left} letters left` : "";
  };
  box.addEventListener("input", say);
  box.after(note);
}

// A receipt is printed from the page; without script, from the browser's own menu.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// A page that shows how far some work is looks again by itself.
if (document.querySelector("[data-again]")) setTimeout(() => location.reload(), 3000);

// A security key that does not answer is said in the page.
document.addEventListener("allauth.error", (event) => {
  const note = document.querySelector("[data-key-failed]");
  if (!note) return;
  event.preventDefault();
  note.hidden = false;
});
