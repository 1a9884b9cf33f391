// The command palette, the single-letter shortcuts and their switch. Without this file the pages do the same.
(() => {
  const [desk, register, shortcuts] = document.currentScript.dataset.at.split(" ");
  const palette = `${desk}palette/`, search = `${desk}search/`;
  const TYPING = "input, textarea, select, [contenteditable]";
  const ROWS = "main tbody tr, main .result, main .found-group li, main .notices > li";
  const WAIT = 200, PAIR = 1200;
  let dialog, input, list, offered, answered, asking, afterG = 0;

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const areOff = () => /(?:^|; )shortcuts=off(?:;|$)/.test(document.cookie);
  // On an Arabic or Greek keyboard the letter is another one, its place is the same.
  const keyOf = (event) => {
    if (event.key === "؟") return "?";
    return /^[!-~]$/.test(event.key) || !/^Key[A-Z]$/.test(event.code) ? event.key : event.code[3].toLowerCase();
  };

  async function fragment(url, signal) {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    return holder.content;
  }

  async function inDialog(id, url, otherwise) {
    let found = document.getElementById(id);
    if (!found) {
      try {
        document.body.append(...(await fragment(url)).children);
      } catch {
        location.assign(otherwise);
        return null;
      }
      found = document.getElementById(id);
      found.addEventListener("click", (event) => event.target === found && found.close());
    }
    if (!document.querySelector("dialog[open]")) found.showModal();
    return found;
  }

  const shown = () => [...list.querySelectorAll('[role="option"]')].filter((one) => !one.hidden);

  function select(option) {
    list.querySelectorAll('[aria-selected="true"]').forEach((one) => one.setAttribute("aria-selected", "false"));
    input.removeAttribute("aria-activedescendant");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const options = shown();
    const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (options.length) select(options[(at + by + options.length) % options.length]);
  }

  function choose(option) {
    dialog.close();
    if (option.action) option.action.click();
    else location.assign(option.dataset.href);
  }

  // What the page itself offers: its links and buttons, under the names they have there. Commands come first.
  function actionsOfThePage() {
    const group = document.createElement("div");
    const title = group.appendChild(document.createElement("div"));
    const seen = new Set([...list.querySelectorAll('[role="option"]')].map(labelOf));
    const known = seen.size;
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", (title.id = "choices-page"));
    title.setAttribute("role", "presentation");
    title.textContent = input.dataset.page;
    for (const action of document.querySelectorAll("main a.btn, main button.btn, main .actions a")) {
      const label = labelOf(action);
      if (!label || seen.has(label) || !action.checkVisibility() || action.disabled) continue;
      seen.add(label);
      const option = group.appendChild(document.createElement("div"));
      option.id = `choice-page-${seen.size}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dir = "auto";
      option.textContent = label;
      option.action = action;
    }
    return seen.size > known ? [group] : [];
  }

  const labelOf = (element) => element.textContent.replace(/\s+/g, " ").trim();

  // What was opened recently comes first, until words are typed: then commands do.
  function arrange() {
    const opened = list.querySelector('[data-group="opened"]');
    if (opened) list[input.value.trim() ? "append" : "prepend"](opened);
  }

  function narrow() {
    arrange();
    const words = plain(input.value).split(/\s+/);
    const isFound = (option) => {
      const text = plain(`${option.textContent} ${option.dataset.words ?? ""}`);
      return words.every((word) => text.includes(word));
    };
    list.querySelectorAll('[role="group"]').forEach((group) => {
      const isServers = answered && group.dataset.group;
      group.querySelectorAll('[role="option"]').forEach((one) => (one.hidden = !isServers && !isFound(one)));
      group.hidden = !group.querySelector('[role="option"]:not([hidden])');
    });
    const number = shown().length;
    select(shown()[0]);
    const found = number ? `${input.dataset.some} ${number}` : input.dataset.none;
    document.getElementById("palette-status").textContent = found;
    document.getElementById("palette-foot").hidden = false;
  }

  function fill(found, isFromServer) {
    answered = isFromServer;
    list.replaceChildren(...found);
    const commands = list.querySelector('[data-group="commands"]');
    const own = actionsOfThePage();
    if (commands) commands.after(...own);
    else list.prepend(...own);
    narrow();
  }

  function ask() {
    asking?.abort();
    const words = input.value.trim();
    if (answered || !words) fill(offered.map((one) => one.cloneNode(true)), false);
    else narrow();
    if (!words) return;
    const now = (asking = new AbortController());
    setTimeout(async () => {
      if (now.signal.aborted) return;
      try {
        const found = await fragment(`${search}?q=${encodeURIComponent(words)}`, now.signal);
        if (!now.signal.aborted) fill([...found.children], true);
      } catch (problem) {
        if (problem.name !== "AbortError") narrow();
      }
    }, WAIT);
  }

  function onPaletteKey(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Enter") {
      const option = list.querySelector('[aria-selected="true"]');
      if (!option) return;
      choose(option);
    } else return;
    event.preventDefault();
  }

  async function openPalette() {
    if (dialog?.open) return dialog.close();
    const isNew = !dialog;
    dialog = await inDialog("palette", palette, search);
    if (!dialog) return;
    if (isNew) {
      input = dialog.querySelector("input");
      list = dialog.querySelector('[role="listbox"]');
      offered = [...list.children];
      input.addEventListener("input", ask);
      input.addEventListener("keydown", onPaletteKey);
      list.addEventListener("click", (event) => {
        const option = event.target.closest('[role="option"]');
        if (option) choose(option);
      });
      dialog.addEventListener("close", () => asking?.abort());
    }
    input.value = "";
    fill(offered.map((one) => one.cloneNode(true)), false);
    input.focus();
  }

  async function openShortcuts() {
    if (await inDialog("shortcuts", shortcuts, shortcuts)) showSwitch();
  }

  function showSwitch() {
    document.querySelectorAll(".shortcut-switch").forEach((line) => {
      line.hidden = false;
      line.querySelectorAll("[data-keys]").forEach((one) => (one.hidden = (one.dataset.keys === "off") === areOff()));
    });
  }

  function switchKeys(button) {
    const to = button.dataset.keys;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `shortcuts=${to}; path=/; max-age=31536000; samesite=lax${secure}`;
    showSwitch();
    const line = button.parentElement;
    line.querySelector("[data-keys]:not([hidden])").focus();
    line.nextElementSibling.textContent = line.nextElementSibling.dataset[to];
  }

  function walkRows(by) {
    const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.querySelector("a[href]"));
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const row = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
    row?.querySelector("a[href]").focus();
  }

  function saveList() {
    const name = document.getElementById("view-name");
    if (!name) return;
    name.closest("details").open = true;
    name.focus();
  }

  const KEYS = {
    "/": () => document.getElementById("site-search").focus(),
    "?": openShortcuts,
    g: () => (afterG = Date.now()),
    j: () => walkRows(1),
    k: () => walkRows(-1),
    e: () => document.querySelector('main a[href$="/edit/"]')?.click(),
    s: saveList,
  };
  const AFTER_G = { r: () => location.assign(register), d: () => location.assign(desk) };

  document.addEventListener("keydown", (event) => {
    const key = keyOf(event);
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]") || areOff()) return;
    const isPair = Date.now() - afterG < PAIR;
    afterG = 0;
    const act = (isPair && AFTER_G[key]) || (Object.hasOwn(KEYS, key) && KEYS[key]);
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-keys]");
    if (button) switchKeys(button);
  });
  document.addEventListener("DOMContentLoaded", showSwitch);
})();
