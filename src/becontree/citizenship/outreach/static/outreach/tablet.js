// A canvasser's phone and a stall's tablet, with or without a network.
//
// What somebody says is sealed the moment it is kept: only the server opens it. What waits is in IndexedDB ("out"), with
// the shift's questions and doors ("kept"). Nothing else is kept anywhere. A box is sent until the server says that it has
// it; the same box twice counts once, by its key. Left alone, the page locks; at the end of the shift, or when the server
// says so, it forgets everything.
"use strict";

(() => {
  const self_ = document.currentScript;
  const ADDRESS = { worker: self_.dataset.worker, shift: self_.dataset.shift, send: self_.dataset.send, leave: self_.dataset.leave };
  const EVERY = 20_000; // milliseconds between tries to send
  const AT_ONCE = 15; // boxes
  const one = (what, within = document) => within.querySelector(what);
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const form = one("[data-form]");
  const memory = { shift: null, street: null, door: null, tried: new Set(), view: "load", sending: null, refused: 0 };
  let touched = { clock: Date.now(), run: performance.now() };

  // --- what is kept -----------------------------------------------------------------------------------------------
  const opened = () => new Promise((good, bad) => {
    const asked = indexedDB.open("outreach", 1);
    asked.onupgradeneeded = () => { asked.result.createObjectStore("kept"); asked.result.createObjectStore("out", { keyPath: "key" }); };
    asked.onsuccess = () => good(asked.result);
    asked.onerror = () => bad(asked.error);
  });
  async function stored(name, mode, work) {
    const base = await opened();
    try {
      const change = base.transaction(name, mode, { durability: "strict" });
      const asked = work(change.objectStore(name));
      await new Promise((good, bad) => { change.oncomplete = good; change.onerror = change.onabort = () => bad(change.error); });
      return asked && asked.result;
    } finally { base.close(); }
  }
  const kept = (key) => stored("kept", "readonly", (store) => store.get(key));
  const keep = (key, value) => stored("kept", "readwrite", (store) => store.put(value, key));
  const drop = (key) => stored("kept", "readwrite", (store) => store.delete(key));
  const waiting = () => stored("out", "readonly", (store) => store.count());
  const boxes = () => stored("out", "readonly", (store) => store.getAll(null, AT_ONCE));
  const put = (box) => stored("out", "readwrite", (store) => store.put(box));
  const sent = (key) => stored("out", "readwrite", (store) => store.delete(key));

  // --- sealing ----------------------------------------------------------------------------------------------------
  const b64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const unb64 = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  async function seal(what, shift) {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const mine = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
    const theirs = await crypto.subtle.importKey("raw", unb64(shift.public), curve, false, []);
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine.privateKey, 256);
    const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const words = new TextEncoder();
    const stretch = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: words.encode("becontree outreach box 1") };
    const lock = await crypto.subtle.deriveKey(stretch, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const more = { name: "AES-GCM", iv: nonce, additionalData: words.encode(shift.shift) };
    const closed = new Uint8Array(await crypto.subtle.encrypt(more, lock, words.encode(JSON.stringify(what))));
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", mine.publicKey));
    return { key: what.key, box: b64([...point, ...nonce, ...closed]) };
  }

  // --- what is seen -----------------------------------------------------------------------------------------------
  function show(name, { focus = true } = {}) {
    memory.view = name;
    for (const view of all("[data-view]")) view.hidden = view.dataset.view !== name;
    if (focus) one(`[data-view="${name}"] h1`).focus();
    scrollTo(0, 0);
  }
  async function count() {
    const n = await waiting();
    const said = one("[data-wait]");
    said.textContent = !memory.shift && !n ? "" : n === 0 ? said.dataset.none : n === 1 ? said.dataset.one : said.dataset.many.replace("{n}", n);
    said.classList.toggle("waits", n > 0);
    const bad = one("[data-refused]");
    bad.hidden = memory.refused === 0;
    bad.textContent = bad.dataset.words.replace("{n}", memory.refused);
    return n;
  }
  function network(on) {
    const said = one("[data-net]");
    said.textContent = on ? "" : said.dataset.off;
    one("[data-locked-off]").hidden = on;
  }
  function home() {
    clear();
    if (!memory.shift) return show("none");
    one("[data-place]").textContent = memory.shift.place;
    if (memory.shift.kind === "stall") return show("stall");
    const list = one("[data-streets]");
    list.replaceChildren(...memory.shift.streets.map((street) => {
      const row = document.createElement("li");
      const button = document.createElement("button");
      const left = street.doors.filter(([door, done]) => !done && !street.alone.includes(door)).length;
      button.type = "button";
      button.className = "big-row";
      button.append(Object.assign(document.createElement("b"), { textContent: street.name }));
      button.append(Object.assign(document.createElement("span"), { textContent: `${street.ward} · ${street.doors.length - left} / ${street.doors.length}` }));
      button.addEventListener("click", () => doors(street));
      row.append(button);
      return row;
    }));
    return show("streets");
  }
  function doors(street) {
    memory.street = street;
    one("[data-street-name]").textContent = street.name;
    const alone = one("[data-alone]");
    alone.hidden = street.alone.length === 0;
    alone.textContent = alone.dataset.words.replace("{doors}", street.alone.join(", "));
    one("[data-doors]").replaceChildren(...street.doors.filter(([door]) => !street.alone.includes(door)).map(([door, done]) => {
      const row = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      const tried = memory.tried.has(`${street.id} ${door}`);
      button.className = `door${done ? " done" : tried ? " tried" : ""}`;
      button.textContent = `${door}${done ? " ✓" : tried ? " …" : ""}`;
      button.addEventListener("click", () => say(door));
      row.append(button);
      return row;
    }));
    show("doors");
  }
  function clear() {
    form.reset();
    one("[data-questions]").replaceChildren();
    one("[data-errors]").hidden = true;
    for (const more of all("details", form)) more.open = false;
    memory.door = null;
  }
  function say(door) {
    clear();
    memory.door = door;
    const stall = memory.shift.kind === "stall";
    const title = one("[data-say-title]");
    title.textContent = stall ? title.dataset.stall : `${memory.street.name}, ${door}`;
    one("[data-outcomes]").hidden = stall;
    one("[data-contact]").hidden = !memory.shift.contact;
    one("[data-equality]").hidden = !memory.shift.equality;
    const choice = one("#say-language");
    const names = (code) => { try { return new Intl.DisplayNames([code], { type: "language" }).of(code); } catch { return code; } };
    choice.replaceChildren(...memory.shift.languages.map((code) => new Option(names(code), code)));
    one("[data-language]").hidden = memory.shift.languages.length < 2;
    questions();
    parts();
    show("say");
  }
  function questions() {
    const language = one("#say-language").value || memory.shift.languages[0] || "en";
    const before = Object.fromEntries(all("textarea", form).map((box) => [box.name, box.value]));
    one("[data-questions]").replaceChildren(...memory.shift.questions.map((question) => {
      const field = one('[data-template="question"]').content.cloneNode(true).firstElementChild;
      const words = question.in[language] || Object.values(question.in)[0];
      const box = one("textarea", field);
      box.id = `q-${question.id}`;
      box.name = question.id;
      box.dir = "auto";
      box.value = before[question.id] || "";
      const label = one("label", field);
      label.htmlFor = box.id;
      label.textContent = words.text;
      label.lang = language;
      label.dir = "auto";
      one(".hint", field).textContent = words.hint;
      return field;
    }));
  }
  const outcome = () => (memory.shift.kind === "stall" ? "spoke" : form.elements.outcome.value);
  function parts() {
    const what = outcome();
    one('[data-part="voice"]').hidden = !(what === "spoke");
    one('[data-part="call"]').hidden = what !== "call";
    one('[data-part="alone"]').hidden = !what || what === "not-home" || memory.shift.kind === "stall";
    one("[data-save]").disabled = !what;
  }

  // --- keeping one ------------------------------------------------------------------------------------------------
  function gathered() {
    const stall = memory.shift.kind === "stall";
    const what = { key: key(), day: new Date().toLocaleDateString("sv-SE") };
    if (!stall) Object.assign(what, { street: memory.street.id, door: memory.door, outcome: outcome(), alone: form.elements.alone.checked && outcome() !== "not-home" });
    if (outcome() === "call") what.call = { name: form.elements.call_name.value, telephone: form.elements.call_telephone.value, about: form.elements.call_about.value };
    if (outcome() === "spoke") {
      const answers = Object.fromEntries(all("textarea", form).filter((box) => box.value.trim()).map((box) => [box.name, box.value]));
      const about = Object.fromEntries(all("[data-about]", form).filter((box) => box.value).map((box) => [box.dataset.about, box.value]));
      what.voice = { key: key(), answers, may_quote: form.elements.may_quote.checked, language: form.elements.language.value || memory.shift.languages[0] || "en", contact: form.elements.contact.value.trim(), equality: about };
    }
    return what;
  }
  function missing(what) {
    if (what.voice && !Object.keys(what.voice.answers).length) return all("textarea", form)[0];
    if (what.voice && what.voice.contact && !form.elements.contact.checkValidity()) return form.elements.contact;
    if (what.call && !/^[0-9+() -]{5,40}$/.test(what.call.telephone.trim())) return form.elements.call_telephone;
    return null;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const save = one("[data-save]");
    if (save.disabled) return;
    const what = gathered();
    const field = missing(what);
    if (field) {
      const box = one("[data-errors]");
      one("[data-error]").replaceChildren(Object.assign(document.createElement("a"), { href: `#${field.id}`, textContent: one(`label[for="${field.id}"]`).textContent }));
      box.hidden = false;
      box.focus();
      return;
    }
    save.disabled = true;
    try {
      await put(await seal(what, memory.shift));
    } finally { save.disabled = false; }
    const { street, door } = memory;
    if (street && what.outcome === "not-home") memory.tried.add(`${street.id} ${door}`);
    else if (street) {
      const mark = street.doors.find(([name]) => name === door);
      if (mark) mark[1] = true;
      if (what.alone) street.alone.push(door);
      await keep("shift", memory.shift);
    }
    clear();
    await count();
    if (memory.shift.kind === "stall") { show("thanks"); setTimeout(() => { if (memory.view === "thanks") home(); }, 8000); } else doors(street);
    send();
  });

  // --- sending ----------------------------------------------------------------------------------------------------
  // Resolves to "sent", "off" (no network), "ended" (the shift is over and everything is forgotten) or "later".
  function send() {
    memory.sending ||= sending().finally(() => { memory.sending = null; });
    return memory.sending;
  }
  async function sending() {
    for (;;) {
      const some = await boxes();
      let answer;
      try {
        answer = await fetch(ADDRESS.send, { method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json", "X-Becontree-Tablet": "1" }, body: JSON.stringify({ boxes: some }) });
      } catch { network(false); return "off"; }
      network(true);
      if (answer.status === 401 || answer.status === 410) { await forget(); show("over"); return "ended"; }
      if (!answer.ok) return "later";
      const { done, ended } = await answer.json();
      let gone = 0;
      for (const each of done) {
        if (each.what === "later") continue;
        if (each.what === "refused") memory.refused += 1;
        await sent(each.key);
        gone += 1;
      }
      const left = await count();
      if (ended && (left === 0 || gone === 0)) { await forget(); show("over"); return "ended"; }
      if (left === 0) return "sent";
      if (gone === 0) return "later";
    }
  }

  // --- forgetting -------------------------------------------------------------------------------------------------
  async function forget() {
    clear();
    Object.assign(memory, { shift: null, street: null, tried: new Set() });
    await new Promise((done) => { const asked = indexedDB.deleteDatabase("outreach"); asked.onsuccess = asked.onerror = asked.onblocked = done; });
    for (const name of await caches.keys()) await caches.delete(name);
    for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
    one("[data-place]").textContent = "";
    one("[data-wait]").textContent = "";
  }
  async function lock() {
    touched = { clock: Date.now(), run: performance.now() };
    clear();
    if (!memory.shift) return;
    if (memory.shift.kind === "stall") { home(); return; }
    Object.assign(memory, { shift: null, street: null, tried: new Set() });
    await drop("shift");
    await keep("locked", true);
    one("[data-place]").textContent = "";
    show("locked");
  }
  // How long the shift has lasted here, whatever the clock does: steps back do not count.
  async function spent() {
    const time = await kept("time");
    if (!time) return false;
    const now = Date.now();
    const step = Math.max(0, now - time.seen);
    Object.assign(time, { seen: now, spent: time.spent + step });
    await keep("time", time);
    return time.spent > time.lasts;
  }
  let weighed = 0;
  async function look() {
    if (["load", "none", "early", "over", "unsafe"].includes(memory.view)) return;
    const idle = memory.shift ? memory.shift.idle_seconds * 1000 : Infinity;
    if (Math.max(performance.now() - touched.run, Date.now() - touched.clock) > idle) await lock();
    if (performance.now() - weighed < 5_000) return;
    weighed = performance.now();
    if (await spent()) await over();
  }
  async function over() {
    if ((await waiting()) && (await send()) === "ended") return;
    await forget();
    show("over");
  }

  // --- beginning --------------------------------------------------------------------------------------------------
  async function open() {
    let answer;
    try {
      answer = await fetch(ADDRESS.shift, { credentials: "same-origin", cache: "no-store" });
    } catch {
      network(false);
      const had = await kept("shift");
      const time = await kept("time");
      if (await spent()) return over();
      if (had && time && Date.now() - time.touched > had.idle_seconds * 1000 && had.kind !== "stall") { memory.shift = had; return lock(); }
      if (had) { memory.shift = had; await count(); return home(); }
      await count();
      return show((await kept("locked")) ? "locked" : "none");
    }
    network(true);
    if (answer.status === 401) { await forget(); return show("none"); }
    if (answer.status === 425) return show("early");
    if (answer.status === 410) return over();
    if (!answer.ok) return show("none");
    memory.shift = await answer.json();
    await keep("shift", memory.shift);
    await keep("time", { seen: Date.now(), touched: Date.now(), spent: 0, lasts: memory.shift.lasts_seconds * 1000 });
    await drop("locked");
    await count();
    home();
    send();
  }
  const doing = {
    open, home, send, streets: home, next: home,
    away: () => (memory.street && memory.shift.kind === "doorstep" ? (clear(), doors(memory.street)) : home()),
    "stall-say": () => say(null),
    finish: async () => { await send(); if (!memory.shift) return; one("[data-finish-wait]").hidden = (await waiting()) === 0; show("finish"); },
    "finish-now": async () => {
      await send();
      try { await fetch(ADDRESS.leave, { method: "POST", credentials: "same-origin", headers: { "X-Becontree-Tablet": "1" } }); } catch { /* its token ends by itself */ }
      await forget();
      show("over");
    },
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) doing[button.dataset.do]();
  });
  form.addEventListener("change", (event) => { if (event.target.name === "outcome") parts(); if (event.target.name === "language") questions(); });
  let noted = 0;
  for (const kind of ["pointerdown", "keydown", "input"]) {
    document.addEventListener(kind, async () => {
      touched = { clock: Date.now(), run: performance.now() };
      if (touched.run - noted < 15_000) return;
      noted = touched.run;
      const time = await kept("time");
      if (time) await keep("time", { ...time, touched: Date.now() });
    }, { passive: true });
  }
  // A try that began without the network fails a moment after it is back: it is not the one to wait for.
  addEventListener("online", () => { network(true); Promise.resolve(memory.sending).catch(() => null).then(send); });
  addEventListener("offline", () => network(false));
  addEventListener("pagehide", clear);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { look(); send(); } });
  setInterval(look, 1000);
  setInterval(() => { if (memory.shift) send(); }, EVERY);

  (async () => {
    if (!window.isSecureContext || !crypto.subtle || !window.indexedDB || !navigator.serviceWorker) { show("unsafe"); return; }
    await navigator.serviceWorker.register(ADDRESS.worker, { updateViaCache: "none" });
    await open();
  })().catch(() => show("unsafe"));
})();
