// Keys for the units of a document, and a click on a text that opens its form. Without this file the links and buttons
// do the same.
(() => {
  const KINDS = ["recommendation", "concern", "information"];
  const TYPING = "input:not([type=checkbox]), textarea, select";
  let last; // the unit that had the focus, while its form is exchanged for its text
  const units = () => [...document.querySelectorAll("[data-unit]")];
  const lettersAreOff = () => /(?:^|; )shortcuts=off(?:;|$)/.test(document.cookie);
  // On an Arabic or Greek keyboard the letter is another one, its place is the same.
  const keyOf = (event) =>
    /^[!-~]$/.test(event.key) || !/^Key[A-Z]$/.test(event.code) ? event.key : event.code[3].toLowerCase();

  const deedOf = (unit, ...names) => names.map((name) => unit?.querySelector(`[data-deed="${name}"]`)).find(Boolean);
  const focusOf = (unit) => deedOf(unit, "open", "restore") ?? unit?.querySelector("textarea[name=text]");

  const lastUnit = () => last && document.getElementById(last);

  function splitAtCursor(unit, area) {
    const at = area.selectionStart;
    const before = area.value.slice(0, at).trimEnd(), after = area.value.slice(at).trimStart();
    if (!before || !after) return;
    area.value = `${before}\n\n${after}`;
    deedOf(unit, "split").click();
  }

  function step(unit, by) {
    const all = units(), next = unit ? all[all.indexOf(unit) + by] : all[0];
    if (!next) return document.querySelector(`.unit-pane .pager a[rel=${by > 0 ? "next" : "prev"}]`)?.focus();
    focusOf(next)?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function onUnit(event, unit) {
    const key = keyOf(event), isInside = unit && event.target !== document.body; // else the arrows scroll the page
    if (/^[jked]$/.test(key) && lettersAreOff()) return false;
    if (key === "j" || (key === "ArrowDown" && isInside)) step(unit, 1);
    else if (key === "k" || (key === "ArrowUp" && isInside)) step(unit, -1);
    else if (key === "e" && unit) deedOf(unit, "open")?.click();
    else if (key === "d" && unit) deedOf(unit, "drop", "restore")?.click();
    else return false;
    return true;
  }

  function onForm(event, unit) {
    if (event.key === "Escape") deedOf(unit, "close")?.click();
    else if (event.ctrlKey && event.key === "Enter" && event.target.name === "text") splitAtCursor(unit, event.target);
    else if (event.altKey && event.key === "ArrowUp") deedOf(unit, "join")?.click();
    else if (event.altKey && /^Digit[123]$/.test(event.code)) {
      unit.querySelector("select[name=kind]").value = KINDS[event.code[5] - 1];
    } else return false;
    return true;
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.isComposing || document.querySelector("dialog[open]")) return;
      const unit = event.target.closest?.("[data-unit]") ?? (event.target === document.body ? lastUnit() : null);
      const isElsewhere = !unit && event.target.closest?.(`${TYPING}, a, button, summary`);
      const hasModifier = event.ctrlKey || event.altKey || event.metaKey;
      const isDone =
        (unit?.querySelector("[data-deed=close]") && onForm(event, unit)) ||
        (!hasModifier && !isElsewhere && !event.target.matches?.(TYPING) && onUnit(event, unit));
      if (isDone) event.preventDefault();
    },
    true, // before the single letters of all pages
  );

  document.addEventListener("focusin", ({ target }) => (last = target.closest("[data-unit]")?.id));
  document.addEventListener("click", ({ target }) => {
    if (target.closest?.(".unit-text") && !target.closest("a") && getSelection().isCollapsed) {
      deedOf(target.closest("[data-unit]"), "open")?.click();
    }
  });

  // A form is higher than the text that takes its place: keep the unit in view.
  document.addEventListener("htmx:afterSettle", () => {
    document.activeElement.closest("[data-unit]")?.scrollIntoView({ block: "nearest" });
  });

  // What was just corrected is where the page opens.
  addEventListener("pageshow", () => {
    const unit = /^#unit-\d+$/.test(location.hash) && document.querySelector(location.hash);
    if (unit && !unit.querySelector("[autofocus]")) focusOf(unit)?.focus({ preventScroll: true });
  });
})();
