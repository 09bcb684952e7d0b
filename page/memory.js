// What the browser remembers: the language, light or dark, and the conversations. The server has no copy of these: it
// is sent the conversation that is opened, and the page's records of it are kept here whenever they change.
(() => {
  "use strict";
  const PREFIX = "tanya-berita-";
  const KEPT = `${PREFIX}conversation:`;
  const find = (selector) => document.querySelector(selector);
  const forgotten = new Set(); // what is deleted is not kept again, though it may still be on the page
  let full = false;

  function read(name) {
    try { return localStorage.getItem(PREFIX + name); } catch { return null; } // storage may be forbidden
  }
  function write(name, value) {
    try {
      if (value === null) localStorage.removeItem(PREFIX + name);
      else localStorage.setItem(PREFIX + name, value);
      full = false;
    } catch { full = true; }
  }
  function parsed(text) {
    try { return JSON.parse(text); } catch { return null; }
  }

  const kept = (id) => parsed(read(`conversation:${id}`));
  const keep = (conversation) => write(`conversation:${conversation.id}`, JSON.stringify(conversation));
  function all() {
    let keys = [];
    try { keys = Object.keys(localStorage).filter((key) => key.startsWith(KEPT)); } catch { /* nothing is kept */ }
    return keys.map((key) => parsed(localStorage.getItem(key)))
      .filter((conversation) => conversation?.turns?.length)
      .sort((one, other) => other.updated.localeCompare(one.updated));
  }

  // The conversation on the page, if its records differ from those that are kept.
  let seen = "";
  function look() {
    const id = find("#past [data-conversation]")?.dataset.conversation;
    if (!id) return;
    const turns = document.querySelectorAll("#talk .turn");
    const records = [...document.querySelectorAll("#talk .turn[data-record]")].map((turn) => turn.dataset.record);
    const now = [id, turns.length, ...records].join("\n");
    if (now !== seen) {
      seen = now;
      try { sessionStorage.setItem(`${PREFIX}conversation`, id); } catch { /* a reload starts afresh then */ }
      if (!turns.length) write(`conversation:${id}`, null);
      else if (records.length && !forgotten.has(id)) update(id, records);
    }
    list();
  }
  function update(id, records) {
    const before = kept(id);
    const turns = records.map(parsed);
    if (before && JSON.stringify(before.turns) === JSON.stringify(turns)) return;
    const title = before?.title ?? turns[0].question.slice(0, 120);
    keep({ id, title, updated: new Date().toISOString(), turns });
  }

  // The list in the panel, drawn anew when it is not what is kept.
  function list() {
    const place = find("#panel .kept-list");
    if (!place) return;
    const conversations = all();
    const open = find("#past [data-conversation]")?.dataset.conversation;
    const drawn = JSON.stringify([open, full, place.dataset.rename, conversations.map(({ id, title, updated }) => [id, title, updated])]);
    if (place.drawn === drawn && place.children.length === conversations.length) return;
    place.drawn = drawn;
    const { nothingKept, storageFull } = place.dataset;
    find("#kept").textContent = full ? storageFull : conversations.length ? "" : nothingKept;
    place.replaceChildren(...conversations.map((conversation) => row(conversation, place.dataset, conversation.id === open)));
  }
  function row({ id, title, updated }, words, open) {
    const line = document.createElement("li");
    line.dataset.id = id;
    const button = (action, label, name) => {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: label });
      made.dataset.action = action;
      if (name) { made.setAttribute("aria-label", name); made.title = name; }
      return made;
    };
    const opener = button("restore", "");
    const day = new Date(updated).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    opener.append(
      Object.assign(document.createElement("strong"), { textContent: title }),
      Object.assign(document.createElement("small"), { textContent: day }),
    );
    if (open) opener.setAttribute("aria-current", "true");
    line.append(opener, button("rename", "✎", `${words.rename}: ${title}`), button("forget", "×", `${words.delete}: ${title}`));
    return line;
  }

  function rename(button) {
    const line = button.closest("li");
    const conversation = kept(line.dataset.id);
    const input = Object.assign(document.createElement("input"), { value: conversation.title, maxLength: 120 });
    input.setAttribute("aria-label", line.parentElement.dataset.newName);
    let done = false;
    const finish = (save) => {
      if (done) return;
      done = true;
      const title = input.value.trim();
      if (save && title) keep({ ...kept(line.dataset.id), title });
      line.parentElement.drawn = null;
      list();
      find(`#panel .kept-list [data-id="${line.dataset.id}"] [data-action="rename"]`)?.focus();
    };
    input.addEventListener("keydown", (event) => {
      if (!["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault(); // the key would go on to press the button that gets the focus
      event.stopPropagation(); // and to close the panel
      finish(event.key === "Enter");
    });
    input.addEventListener("blur", () => finish(true));
    line.querySelector('[data-action="restore"]').replaceWith(input);
    input.focus();
    input.select();
  }

  // What is sent to the server with an action; false for nothing at all.
  const actions = {
    rename: (button) => { rename(button); return false; },
    restore: (button) => {
      const conversation = kept(button.closest("li").dataset.id);
      return conversation ? { record: JSON.stringify(conversation) } : false;
    },
    forget: (button) => {
      const { id } = button.closest("li").dataset;
      if (!confirm(find(".kept-list").dataset.deleteSure)) return false;
      return forget([id]);
    },
    "forget-all": () => confirm(find(".kept-list").dataset.deleteAllSure) && forget(all().map(({ id }) => id)),
  };
  function forget(ids) {
    const open = find("#past [data-conversation]")?.dataset.conversation;
    for (const id of ids) {
      forgotten.add(id);
      write(`conversation:${id}`, null);
    }
    list();
    return ids.includes(open) ? { action: "forget" } : false;
  }

  // For the server, when the page is loaded: the language, and the conversation that this tab showed before.
  function remembered() {
    let id = null;
    try { id = sessionStorage.getItem(`${PREFIX}conversation`); } catch { /* see above */ }
    const conversation = id && read(`conversation:${id}`);
    return JSON.stringify({ language: read("language") ?? "", choices: read("choices") ?? "", ...(conversation && { conversation }) });
  }

  globalThis.tanyaMemory = { actions, look, read, remembered, write };
})();
