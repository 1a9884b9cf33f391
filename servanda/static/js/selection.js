// Remembers which records are selected while pages and filters of the list change, in this tab and for this person.
// Without this file the records selected on one page are sent, or all records of the list.
(() => {
  const form = () => document.getElementById("ticked");
  const bar = () => document.querySelector("[data-selection]");
  const boxes = () => [...document.querySelectorAll('.list-table input[name="code"]')];
  const ofThePage = () => document.querySelector("[data-select-page]");
  const all = () => bar().querySelector('input[name="all"]');
  const key = () => `selected-${bar().dataset.selection}`;
  const selected = () => new Set(JSON.parse(sessionStorage.getItem(key()) ?? "[]"));

  function keep(codes) {
    sessionStorage.setItem(key(), JSON.stringify([...codes]));
    show();
  }

  // As the page writes numbers; a browser has marks of its own between thousands.
  const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, bar().dataset.thousands);

  function show() {
    const codes = selected(), page = boxes(), total = all().checked ? Number(bar().dataset.total) : codes.size;
    for (const box of page) box.checked = codes.has(box.value);
    const onPage = page.filter((box) => box.checked).length;
    ofThePage().checked = onPage > 0 && onPage === page.length;
    ofThePage().indeterminate = onPage > 0 && onPage < page.length;
    form().elements.codes.value = [...codes].join(" ");
    bar().classList.toggle("is-in-use", total > 0);
    bar().querySelector("[data-clear]").hidden = total === 0;
    const { label, of } = bar().dataset, shown = grouped(Number(bar().dataset.total));
    const said = total ? `${label.replace("NUMBER", grouped(total))} · ${of.replace("TOTAL", shown)}` : "";
    bar().querySelector('[role="status"]').textContent = said;
  }

  function start() {
    if (!bar()) return;
    ofThePage().hidden = false;
    show();
  }

  document.addEventListener("change", ({ target }) => {
    if (!bar() || !target.matches('.list-table input[name="code"], [data-select-page], input[name="all"]')) return;
    const codes = selected(), changed = target.matches("[data-select-page]") ? boxes() : [target];
    if (target.name === "all") return show();
    for (const box of changed) codes[target.checked ? "add" : "delete"](box.value);
    keep(codes);
  });
  document.addEventListener("click", ({ target }) => {
    if (!target.closest?.("[data-clear]")) return;
    all().checked = false;
    keep([]);
    ofThePage().focus();
  });
  document.addEventListener("htmx:afterSettle", start);
  addEventListener("pageshow", start);
  start();
})();
