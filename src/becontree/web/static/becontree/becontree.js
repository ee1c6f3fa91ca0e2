// Everything works without this file. It makes a few things nicer.
"use strict";

// An error summary takes the focus, so that a screen reader reads it first.
const summary = document.querySelector(".error-summary");
if (summary) summary.focus();

// A form is sent once, however often the button is pressed. The server would refuse the second as well.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
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

// A page that shows how far some work is looks again by itself.
if (document.querySelector("[data-again]")) setTimeout(() => location.reload(), 3000);

// A security key that does not answer is said in the page.
document.addEventListener("allauth.error", (event) => {
  const note = document.querySelector("[data-key-failed]");
  if (!note) return;
  event.preventDefault();
  note.hidden = false;
});
