// Keeps a draft while it is written, and says so. Without this file, or without the network, the button keeps it.
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const PAUSE = 4000;
  const status = form.querySelector("[data-saved]");
  const lengths = form.querySelector("[data-lengths]");
  let timer, running, isDirty = false;

  function words() {
    const data = new FormData(form);
    for (const input of form.querySelectorAll('input[type="file"]')) data.delete(input.name);
    data.delete("link");
    data.set("autosave", "1");
    return data;
  }

  function save() {
    clearTimeout(timer);
    if (running || !isDirty) return;
    isDirty = false;
    running = send().finally(() => (running = null));
  }

  async function send() {
    try {
      const answer = await fetch(location.href, { method: "POST", body: words(), keepalive: document.hidden });
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.refused);
      form.elements.seen.value = told.seen;
      status.textContent = told.saved;
      if (lengths && told.lengths) lengths.innerHTML = told.lengths;
    } catch (problem) {
      isDirty = true;
      const reason = problem instanceof TypeError || problem instanceof SyntaxError ? "" : ` ${problem.message}`;
      status.textContent = form.dataset.failed + reason;
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (running) {
      // Wait for the running save, so that users get no conflict with their own change.
      event.preventDefault();
      await running;
      form.requestSubmit(event.submitter);
    }
    isDirty = false;
  });
  document.addEventListener("visibilitychange", () => document.hidden && save());
  window.addEventListener("beforeunload", (event) => isDirty && event.preventDefault());
})();
