// For the clerk: Enter goes to the next part and saves at the end. Everything works without this file, by Tab.
"use strict";

const form = document.querySelector("form[data-clerk]");
if (form) {
  const parts = [...form.querySelectorAll(".clerk-paper :is(textarea, input, select)")];
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    const at = parts.indexOf(event.target);
    if (at < 0) return;
    event.preventDefault();
    if (event.ctrlKey || at === parts.length - 1) form.querySelector("[data-save]").click();
    else parts[at + 1].focus();
  });
}
