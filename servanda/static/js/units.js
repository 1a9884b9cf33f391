// Keys for the units of a document. Without this file the buttons do the same.
(() => {
  const KINDS = ["recommendation", "concern", "information"];

  function press(unit, deed) {
    unit.querySelector(`[data-deed="${deed}"]`)?.click();
  }

  function splitAtCursor(unit, area) {
    const at = area.selectionStart;
    const before = area.value.slice(0, at).trimEnd(), after = area.value.slice(at).trimStart();
    if (!before || !after) return;
    area.value = `${before}\n\n${after}`;
    press(unit, "split");
  }

  function step(unit, by) {
    const units = [...document.querySelectorAll("[data-unit]")];
    const next = units[units.indexOf(unit) + by];
    next?.querySelector("textarea[name=text]")?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    const unit = event.target.closest?.("[data-unit]");
    if (!unit) return;
    if (event.ctrlKey && event.key === "Enter" && event.target.name === "text") splitAtCursor(unit, event.target);
    else if (event.altKey && event.key === "ArrowUp") press(unit, "join");
    else if (event.altKey && event.key === "Delete") press(unit, "drop");
    else if (event.altKey && event.key === "PageDown") step(unit, 1);
    else if (event.altKey && event.key === "PageUp") step(unit, -1);
    else if (event.altKey && /^Digit[123]$/.test(event.code)) {
      const kind = unit.querySelector("select[name=kind]");
      if (kind) kind.value = KINDS[event.code[5] - 1];
    } else return;
    event.preventDefault();
  });
})();
