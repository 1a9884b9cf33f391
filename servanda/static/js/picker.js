// Moves the records that are selected in a picker to its list of selected ones, and adds keys. Without this file the
// button “Search records” sends the form, which comes back with what was found and what is selected.
(() => {
  if (document.documentElement.dataset.picks) return;
  document.documentElement.dataset.picks = "on";
  const BOX = '[data-picker] input[type="checkbox"]';
  const boxes = (where) => [...where.querySelectorAll('input[type="checkbox"]')];
  const search = (picker) => picker.querySelector('input[type="search"]');
  const isChosen = (box) => box.closest("[data-chosen], [data-further]");

  function count(picker) {
    const number = boxes(picker).filter((box) => isChosen(box) && box.checked).length;
    const line = picker.querySelector(".picker-count");
    line.hidden = !boxes(picker).some(isChosen);
    // As the page writes numbers; a browser has marks of its own between thousands.
    const shown = line.querySelector("[data-count]");
    shown.textContent = String(number).replace(/\B(?=(\d{3})+$)/g, shown.dataset.count);
  }

  function choose(picker, box) {
    const found = boxes(picker.querySelector("[data-found]")), at = found.indexOf(box);
    picker.querySelector("[data-chosen]").append(box.closest("li"));
    (found[at + 1] ?? found[at - 1] ?? search(picker)).focus({ preventScroll: true });
  }

  document.addEventListener("change", ({ target }) => {
    if (!target.matches(BOX)) return;
    const picker = target.closest("[data-picker]");
    if (target.checked && !isChosen(target)) choose(picker, target);
    count(picker);
  });

  // What is selected already is not offered again.
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    const picker = target.matches?.("[data-found]") && target.closest("[data-picker]");
    if (!picker) return;
    const chosen = new Set(boxes(picker).filter(isChosen).map((box) => box.value));
    for (const box of boxes(target)) if (chosen.has(box.value)) box.closest("li").remove();
  });

  document.addEventListener("keydown", (event) => {
    const picker = event.target.closest?.("[data-picker]");
    if (!picker || event.isComposing) return;
    const isBox = event.target.matches(BOX), isSearch = event.target === search(picker);
    if (event.key === "Enter" && isSearch) picker.querySelector("[hx-include]").click();
    else if (event.key === "Enter" && isBox) event.target.click();
    else if (/^Arrow(Up|Down)$/.test(event.key) && (isBox || isSearch)) {
      const rows = [...boxes(picker).filter(isChosen), search(picker), ...boxes(picker).filter((box) => !isChosen(box))];
      rows[rows.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    } else return;
    event.preventDefault();
  });
})();
