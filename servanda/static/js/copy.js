// Buttons that copy an address; without this file, or without a clipboard, they stay hidden.
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(button.dataset.copy).then(() => {
      button.textContent = button.dataset.done;
      button.setAttribute("aria-live", "polite");
    });
  });
});
