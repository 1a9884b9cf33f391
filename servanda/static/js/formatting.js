// Buttons above a text in Markdown: each puts its signs around what is selected, or before each selected line.
// Without this file they are hidden, and people type the signs.
(() => {
  for (const bar of document.querySelectorAll("[data-formatting]")) {
    const area = document.getElementById(bar.getAttribute("aria-controls"));
    if (!area) continue;
    bar.hidden = false;
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) apply(area, button.dataset);
    });
  }

  function apply(area, { before, after, line, block }) {
    const { selectionStart: start, selectionEnd: end } = area;
    if (line) return prefix(area, line);
    if (block) return replace(area, end, end, `${end ? "\n\n" : ""}${block}\n\n`);
    const chosen = area.value.slice(start, end);
    replace(area, start, end, before + chosen + after);
    area.setSelectionRange(start + before.length, start + before.length + chosen.length);
  }

  function prefix(area, line) {
    const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const below = area.value.indexOf("\n", area.selectionEnd);
    const end = below < 0 ? area.value.length : below;
    const lines = area.value.slice(start, end).split("\n");
    replace(area, start, end, lines.map((text, place) => line.replace("1", place + 1) + text).join("\n"));
  }

  // As if it was typed, so that the browser can undo it and the draft is saved.
  function replace(area, start, end, text) {
    area.focus();
    area.setSelectionRange(start, end);
    if (document.execCommand("insertText", false, text)) return;
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
})();
