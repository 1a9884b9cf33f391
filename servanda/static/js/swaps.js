// Exchanges the list under a filter and the page under a finished task, so that whoever works with the keyboard or a
// screen reader keeps their place and hears what came. Without this file the links and buttons lead to whole pages.
(() => {
  const LINKS = ".list-facets, .list-chips, .list-search, .list-head ~ .pager";
  const OF_A_LIST = ".list-head h2, .list-head ~ .pager p";
  const OF_A_PAGE = "main .eyebrow, main h1, main .page-head .lead";
  const EXCHANGED = { "hx-boost": "true", "hx-target": ".page", "hx-select": ".page", "hx-swap": "outerHTML show:none" };
  const status = document.createElement("p");
  let left;

  const names = (link) => [link.closest(".facet")?.firstElementChild, link.firstElementChild?.firstChild];
  const nameOf = (link) => names(link).map((one) => one?.textContent.trim()).join("|");
  const heading = () => document.querySelector(".list-head h2") ?? document.querySelector("main h1");
  const foldsOf = (where) => [...where.querySelectorAll("details")].map((one) => [foldName(one), one]);
  const foldName = (one) => [...(one.parentElement.closest("details")?.children ?? []), one].map(title).join("|");
  const title = (one) => one.querySelector("summary")?.textContent.trim().replace(/\d/g, "") ?? "";

  // How dense the rows of a list are is remembered in this browser.
  function keepDensity() {
    const choice = document.querySelector("[data-density]");
    if (!choice) return;
    choice.checked = localStorage.getItem("density") === "compact";
    choice.addEventListener("change", () => localStorage.setItem("density", choice.checked ? "compact" : ""));
  }

  function exchange(where) {
    for (const one of where.querySelectorAll(LINKS)) {
      for (const [name, value] of Object.entries(EXCHANGED)) one.setAttribute(name, value);
    }
  }

  function focusOn(found) {
    for (let fold = found.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    if (found.tabIndex < 0) found.tabIndex = -1;
    found.focus();
  }

  function leave(page) {
    const at = document.activeElement;
    left = {
      id: at.id,
      option: at.matches(".facet-option") ? nameOf(at) : "",
      isInside: page.contains(at) || at === document.body,
      sheet: CSS.supports("selector(:popover-open)") && page.querySelector(".list-facets:popover-open")?.id,
      folds: new Map(foldsOf(page).map(([name, one]) => [name, one.open])),
    };
  }

  function arrive() {
    const { id, option, isInside, sheet, folds } = left;
    const page = document.querySelector(".page");
    left = null;
    exchange(page);
    htmx.process(page);
    for (const [name, one] of foldsOf(page)) one.open = folds.get(name) ?? one.open;
    if (sheet) document.getElementById(sheet)?.showPopover();
    keepDensity();
    if (isInside) {
      const same = option && [...page.querySelectorAll(".facet-option")].find((link) => nameOf(link) === option);
      focusOn(same || (id && document.getElementById(id)) || heading());
    }
    const isList = document.querySelector(".list-head h2");
    const arrived = isList ? page.querySelectorAll(OF_A_LIST) : page.querySelectorAll(OF_A_PAGE);
    status.textContent = [...arrived].map((one) => one.textContent.trim()).join(". ");
  }

  // A panel beside the list: Escape and the button close it, and the link that opened it has the focus again.
  function openPanel(dialog, opener) {
    dialog.addEventListener("close", () => opener.focus());
    dialog.addEventListener("keydown", (event) => event.key === "Escape" && dialog.close());
    dialog.querySelector("[autofocus]")?.focus();
  }

  // The help of a page is fetched when it is opened; a toggle does not bubble.
  document.addEventListener("toggle", ({ target }) => {
    const link = target.matches(".help[open]") && target.querySelector(":scope > a");
    if (link) htmx.ajax("GET", link.href, { source: link, target: link, swap: "outerHTML" });
  }, true);

  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  document.body.append(status);
  // Read by htmx once the document is there. The policy of the pages allows no styles and no code in them.
  Object.assign(htmx.config, { includeIndicatorStyles: false, allowEval: false, historyCacheSize: 0 });
  htmx.config.refreshOnHistoryMiss = true;
  exchange(document);
  keepDensity();

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.matches(".page")) leave(detail.target);
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (left) arrive();
    const dialog = detail.target.matches("#side-panel") && detail.target.querySelector("dialog");
    if (dialog) openPanel(dialog, detail.requestConfig.elt);
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const isFinished = event.detail.xhr.getResponseHeader("HX-Refresh");
    if (!isFinished || event.target.id !== "progress") return;
    event.preventDefault();
    htmx.ajax("GET", location.href, { target: ".page", select: ".page", swap: "outerHTML show:none" });
  });
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(failure, ({ detail }) => {
      if (detail.target.matches(".page")) location.assign(detail.pathInfo.requestPath);
    });
  }
})();
