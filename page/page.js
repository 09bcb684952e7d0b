// What the server cannot do: pass on what the visitor chooses, keep the focus where it belongs, show the card of a
// source, switch between light and dark. Text that others wrote is only ever set as textContent. What the browser
// remembers is memory.js's business.
(() => {
  "use strict";
  const memory = globalThis.tanyaMemory;
  const narrow = matchMedia("(max-width: 900px)");
  const find = (selector) => document.querySelector(selector);
  let opener = null; // the element that opened the panel; the focus returns to it
  let next = null; // what is to get the focus once the server has answered: "panel" or "opener"

  const setTheme = (dark) => document.body.classList.toggle("dark", dark);
  const applyTheme = () => {
    const stored = memory.read("theme");
    const dark = stored === "dark";
    if (stored && document.body.classList.contains("dark") !== dark) setTheme(dark);
  };

  function act(element, action, data) {
    for (let node = element; node; node = node.parentElement) {
      if (typeof node.act === "function") return node.act(action, data);
    }
  }

  function opens(element, action, data) {
    if (!element.closest("#panel")) opener = element;
    next = "panel";
    act(element, action, data);
  }

  function close() {
    const panel = find("#panel .panel");
    if (!panel) return;
    next = "opener";
    act(panel, "close", {});
  }

  async function copy(button) {
    const { text, done } = button.dataset;
    try {
      await navigator.clipboard.writeText(text);
    } catch { // no clipboard outside a secure context, as on another machine of the office
      const area = document.body.appendChild(document.createElement("textarea"));
      area.value = text;
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    const label = button.textContent;
    button.textContent = done;
    setTimeout(() => { button.textContent = label; }, 1500);
  }

  // Files go to the input of Gradio's that the server listens to, once they are neither too many nor too large.
  function chooseFiles() {
    const input = find("#files input[type=file]");
    input.accept = find(".drop").dataset.accept;
    input.click();
  }
  function offer(files) {
    const { dataset } = find(".drop");
    const large = [...files].find((file) => file.size > Number(dataset.bytes));
    const refused = files.length > Number(dataset.files) ? dataset.tooMany
      : large ? dataset.tooLarge.replace("#", large.name) : "";
    find(".drop").closest("details").open = true; // files can be dropped anywhere
    find(".drop small").textContent = refused || dataset.uploading;
    return !refused;
  }
  const dropped = (event) => find(".drop") && event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!dropped(event)) return;
    event.preventDefault();
    find(".drop").classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) find(".drop")?.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    if (!dropped(event)) return;
    event.preventDefault();
    find(".drop").classList.remove("over");
    const input = find("#files input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("#files input[type=file]") && !offer(event.target.files)) event.stopImmediatePropagation();
  }, { capture: true });

  // On a busy computer the server's answers may overtake each other. When the page is older than it was before, it is
  // asked for as it is now.
  let newest = 0;
  function catchUp() {
    const state = find("#state i");
    const shown = Number(state?.textContent ?? newest);
    const stale = shown < newest;
    newest = shown;
    if (stale) act(state, "show", {});
  }

  const local = {
    "choose-files": chooseFiles,
    close,
    copy,
    focus: () => find("#question textarea")?.focus(),
    theme: () => {
      const dark = !document.body.classList.contains("dark");
      setTheme(dark);
      memory.write("theme", dark ? "dark" : "light");
    },
  };

  document.addEventListener("click", (event) => {
    const marker = event.target.closest("a.tb-cite");
    if (marker) {
      event.preventDefault();
      hideTip();
      const turn = marker.closest("[data-turn]").dataset.turn;
      return opens(marker, "citation", { turn, number: numberOf(marker) });
    }
    const element = event.target.closest("[data-action]");
    if (!element || element.tagName === "FORM") return;
    const { action, ...data } = element.dataset;
    if (element.tagName === "A") event.preventDefault();
    if (local[action]) return local[action](element);
    const kept = memory.actions[action]?.(element);
    if (kept === false) return;
    const turn = element.closest("[data-turn]")?.dataset.turn;
    if (turn !== undefined) data.turn = turn;
    if (action === "language") memory.write("language", data.language);
    if (["article", "citation", "conversations", "library", "passage", "preferences"].includes(action)) return opens(element, action, data);
    if (["edit", "restore", "undo"].includes(action)) next = "question";
    // What deletes itself from the list is on the page no longer.
    act(element.isConnected ? element : find("#panel .panel"), kept?.action ?? action, { ...data, ...kept });
  });

  // Gradio takes from an element what the server did not send, and so would close the form that corrects what was
  // searched whenever more comes to its answer.
  const opened = new WeakSet();
  document.addEventListener("click", (event) => {
    const searched = event.target.closest("summary")?.closest("details.searched");
    if (searched?.open) opened.delete(searched);
    else if (searched) opened.add(searched);
  });
  new MutationObserver((changes) => {
    for (const { target } of changes) if (!target.open && opened.has(target)) target.open = true;
  }).observe(document.documentElement, { attributeFilter: ["open"], subtree: true });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-action]");
    if (!form) return;
    event.preventDefault();
    const turn = form.closest("[data-turn]")?.dataset.turn;
    act(form, form.dataset.action, { ...(turn && { turn }), ...Object.fromEntries(new FormData(form)) });
  });

  // Choices hold as soon as they are made, and are remembered.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-live]");
    if (!form) return;
    const choices = Object.fromEntries(new FormData(form));
    memory.write("choices", JSON.stringify(choices));
    act(form, form.dataset.action, choices);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    hideTip();
    close();
  });

  const numberOf = (marker) => marker.textContent.replace(/\D/g, "");

  // The card of a source, while the pointer or the focus is on its marker: the quotation, and what article it is from.
  let tip = null;
  function showTip(marker) {
    const number = numberOf(marker);
    const source = marker.closest(".turn")?.querySelector(`.articles [data-number="${number}"]`);
    if (!source) return;
    if (marker.title) marker.removeAttribute("title"); // the browser's own would cover the card
    tip ??= Object.assign(document.body.appendChild(document.createElement("div")), { id: "tip" });
    tip.setAttribute("role", "tooltip");
    const part = (name, text) => Object.assign(document.createElement(name), { textContent: text });
    tip.replaceChildren(
      part("q", source.closest("li").dataset.quote),
      part("strong", source.querySelector("strong").textContent),
      part("small", source.querySelector("small").textContent),
    );
    tip.hidden = false;
    marker.setAttribute("aria-describedby", "tip");
    const at = marker.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left - 24), innerWidth - size.width - 8);
    const above = at.top - size.height - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 8 ? above : at.bottom + 8}px`;
  }
  function hideTip() {
    if (tip) tip.hidden = true;
  }
  for (const type of ["pointerover", "focusin"]) {
    document.addEventListener(type, (event) => {
      const marker = event.target.closest?.("a.tb-cite");
      if (marker) showTip(marker);
      else hideTip();
    });
  }
  addEventListener("scroll", hideTip, { capture: true, passive: true });

  // After the server's answer is on the page.
  function settle() {
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const panel = find("#panel .panel");
      const sheet = Boolean(panel) && narrow.matches;
      document.body.classList.toggle("sheet", sheet);
      for (const part of [find("#talk"), find("#head")]) if (part) part.inert = sheet;
      document.documentElement.lang = find("#head header")?.lang ?? "id";
      if (next === "panel" && panel) reveal(panel);
      if (next === "opener" && !panel) (opener?.isConnected ? opener : find("#question textarea"))?.focus();
      if (next === "question") local.focus();
      next = null;
    }));
  }

  function reveal(panel) {
    const body = panel.querySelector(".panel-body");
    const mark = body.querySelector("mark");
    body.scrollTop = 0;
    if (mark) {
      const offset = mark.getBoundingClientRect().top - body.getBoundingClientRect().top;
      body.scrollTop = Math.max(0, offset - body.clientHeight / 4);
    }
    panel.querySelector("#panel-heading").focus({ preventScroll: true });
  }

  // A new question goes to the top of the window; its answer then grows below it and nothing moves. While it has to
  // wait for others, its place in Gradio's queue stands where its answer will.
  let turns = 0;
  new MutationObserver(() => {
    const all = document.querySelectorAll("#talk .turn");
    if (all.length > turns) all[all.length - 1].scrollIntoView({ block: "start" });
    turns = all.length;
    memory.look();
    catchUp();
    const wait = find("#latest .wait");
    if (!wait) return;
    const place = find("#latest > .wrap")?.textContent.match(/queue: (\d+)/)?.[1];
    const text = place ? wait.dataset.queue.replace("#", place) : wait.dataset.searching;
    if (wait.textContent !== text) wait.textContent = text;
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true });

  narrow.addEventListener("change", settle);
  // Gradio sets the theme that the system prefers whenever it likes; what the visitor chose goes before it.
  const keepTheme = () => {
    applyTheme();
    new MutationObserver(applyTheme).observe(document.body, { attributeFilter: ["class"] });
  };
  if (document.body) keepTheme();
  else addEventListener("DOMContentLoaded", keepTheme);
  globalThis.tanyaPage = { settle, remembered: memory.remembered };
})();
