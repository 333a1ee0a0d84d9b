"use strict";
(() => {
  const root = document.documentElement;
  const at = (id) => document.getElementById(id);
  const list = at("cards");
  const cards = [...list.children];
  const order = new Map(cards.map((card, place) => [card, place]));
  const state = { text: "", outcome: "", reason: "", sort: "" };

  // Views: wiping needs this script, so the page is side by side without it.
  const view = (name) => {
    root.dataset.view = name;
    for (const button of document.querySelectorAll("button[data-view]")) {
      button.setAttribute("aria-pressed", String(button.dataset.view === name));
    }
  };
  view("wipe");
  for (const button of document.querySelectorAll("button[data-view]")) {
    button.addEventListener("click", () => view(button.dataset.view));
  }
  at("boxes").addEventListener("click", (event) => {
    const on = root.toggleAttribute("data-boxes");
    event.currentTarget.setAttribute("aria-pressed", String(on));
  });
  document.addEventListener("input", (event) => {
    if (event.target.type === "range") {
      event.target.parentElement.style.setProperty("--cut", event.target.value + "%");
    }
  });
  const theme = at("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const dark = root.style.colorScheme
      ? root.style.colorScheme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.style.colorScheme = dark ? "light" : "dark";
  });

  // Filters of the cards.
  const sorts = {
    "": (a, b) => order.get(a) - order.get(b),
    low: (a, b) => a.dataset.score - b.dataset.score,
    gain: (a, b) => b.dataset.gain - a.dataset.gain,
    name: (a, b) => a.dataset.name.localeCompare(b.dataset.name),
  };
  const note = at("shown").textContent;
  const apply = () => {
    const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const card of cards) {
      const data = card.dataset;
      const fits = (!state.outcome || data.outcome === state.outcome)
        && (!state.reason || data.reasons.split(" ").includes(state.reason))
        && words.every((word) => data.search.includes(word));
      card.hidden = !fits;
      shown += fits;
    }
    const filtered = state.text || state.outcome || state.reason;
    at("shown").textContent = filtered ? `${shown.toLocaleString("en")} of ${cards.length.toLocaleString("en")} shown` : note;
    at("empty").hidden = shown > 0;
    for (const button of at("filters").querySelectorAll("button[data-outcome]")) {
      button.setAttribute("aria-pressed", String(button.dataset.outcome === state.outcome));
    }
    if (at("reason")) at("reason").value = state.reason;
    if (every) every.filter(words);
  };
  const arrange = () => list.append(...[...cards].sort(sorts[state.sort]));

  // The list of every image, a page at a time.
  const every = at("index") && (() => {
    const rows = JSON.parse(at("index").textContent);
    const titles = Object.fromEntries([...at("filters").querySelectorAll("button[data-outcome]")]
      .map((button) => [button.dataset.outcome, button.firstChild.textContent.trim()]));
    const body = at("table").tBodies[0];
    const per = 100;
    let fitting = rows;
    let page = 0;
    const cell = (row, text, name) => {
      const made = row.insertCell();
      made.textContent = text ?? "–";
      if (name) made.className = name;
    };
    const draw = () => {
      body.replaceChildren();
      for (const [sku, group, type, outcome, before, after, why, id] of fitting.slice(page * per, (page + 1) * per)) {
        const row = body.insertRow();
        cell(row, sku); cell(row, group); cell(row, type);
        cell(row, titles[outcome] ?? outcome, `dot is-${outcome}`);
        cell(row, before?.toFixed(1), "num"); cell(row, after?.toFixed(1), "num");
        cell(row, why.replaceAll(" ", ", ").replaceAll("_", " ")); cell(row, id);
      }
      const pages = Math.max(1, Math.ceil(fitting.length / per));
      at("page").textContent = `Page ${page + 1} of ${pages.toLocaleString("en")}, ${fitting.length.toLocaleString("en")} images`;
      at("back").disabled = page === 0;
      at("next").disabled = page + 1 >= pages;
    };
    const turn = (by) => { page += by; draw(); at("every").scrollIntoView(); };
    at("back").addEventListener("click", () => turn(-1));
    at("next").addEventListener("click", () => turn(1));
    at("back").parentElement.hidden = false;
    draw();
    return {
      filter(words) {
        page = 0;
        fitting = rows.filter((row) => (!state.outcome || row[3] === state.outcome)
          && (!state.reason || row[6].split(" ").includes(state.reason))
          && words.every((word) => `${row[0]} ${row[1]} ${row[2]} ${row[7]}`.toLowerCase().includes(word)));
        draw();
      },
    };
  })();

  at("filters").hidden = false;
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  let waiting;
  at("search").addEventListener("input", (event) => {
    state.text = event.target.value;
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  at("reason")?.addEventListener("change", (event) => { state.reason = event.target.value; apply(); });
  at("sort").addEventListener("change", (event) => { state.sort = event.target.value; arrange(); });
  // Everything that names an outcome or a reason filters by it, wherever it stands on the page.
  for (const link of document.querySelectorAll("a[data-outcome], button[data-outcome], button[data-reason]")) {
    link.addEventListener("click", () => {
      state.outcome = link.dataset.outcome ?? "";
      state.reason = link.dataset.reason ?? "";
      apply();
      if (!at("filters").contains(link)) at("images").scrollIntoView();
    });
  }
})();
