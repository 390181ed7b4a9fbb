// Without this script the page works by reloads. The script shows the code in a modal dialog, counts down by the server's
// clock, polls for a change of the order (long polling), and replaces the content of the page with the server's next one.

const HIDDEN = Symbol("hidden");
const CONTROLS = "a, button, input, summary, [tabindex]";
const live = document.querySelector("[data-live]");
let main = document.querySelector("main");
let clockOffset = 0; // the server's time minus performance.now(), in milliseconds
let pollRequest = null; // the AbortController of the running poll
let pollTimer = null; // the timer until the next poll
let failures = 0;
let endTimer = null; // the timer of the time at which the shown state ends
let countdown = null; // the timer of the return to the shop
let submitted = false; // whether the browser is loading another page, because a form was sent

document.documentElement.classList.add("scripted");

const serverNow = () => performance.now() + clockOffset;
const setClock = (time) => (clockOffset = time - performance.now());

function formatTime(milliseconds) {
  const s = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (n) => String(n).padStart(2, "0");
  return s < 3600
    ? `${Math.floor(s / 60)}:${two(s % 60)}`
    : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

function tick() {
  for (const left of main.querySelectorAll("[data-left]")) {
    const text = formatTime(Number(left.dataset.left) - serverNow());
    if (left.textContent !== text) left.textContent = text;
  }
}

/**
 * Starts dialog, timers and polling for new content.
 * first: the page was loaded by the browser; changed: its state differs from the one shown before, which had
 * focus on its control number `focused` (-1: on none) with this id, a dialog with the code of the way to pay `closed`
 * (or null), and was unpaid (`unpaid`).
 */
function activate({ first = false, changed = true, focused = -1, id = "", closed = null, unpaid = false } = {}) {
  const dialog = main.querySelector("dialog");
  if (dialog) {
    dialog.removeAttribute("open");
    main.querySelector(".card").inert = false; // not needed: a modal dialog makes the rest inert
    dialog.showModal();
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault(); // Esc leaves the code; the order stays open
      show("?choose");
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog && outside(dialog, event)) show("?choose");
    });
  } else if (!first) {
    focus(changed, focused, id, closed);
  }
  if (asked) announceAnswer();
  else if (!first) announce(main.dataset.says);
  if (main.dataset.state === "paid" && (first ? isBackFromWallet() : unpaid)) startCountdown();
  if (first) forgetWallet();
  if (first && main.dataset.state === "opening") openWallet();
  startTimers();
}

/** Follows the server's clock, reloads when the shown state ends, and polls. */
function startTimers() {
  clearTimeout(endTimer);
  setClock(Number(main.dataset.now));
  tick();
  if (main.dataset.ends) reloadAtEnd();
  clearTimeout(pollTimer);
  poll();
}

/**
 * The focused element was replaced. Focus goes to the way to pay whose code was closed; if the state is the same, to
 * the new element with the same id or in the same place, and stays away if it was nowhere; otherwise to the heading.
 */
function focus(changed, focused, id, closed) {
  const way = closed && main.querySelector(closed);
  if (!way && !changed && focused < 0 && !id) return;
  const same = !changed && (id ? main.querySelector(`#${id}`) : main.querySelectorAll(CONTROLS)[focused]);
  const target = way || same || main.querySelector("h1");
  if (target?.matches("h1")) target.tabIndex = -1;
  target?.focus({ preventScroll: true });
}

/** Announces a text to screen readers; cleared first, because an unchanged text would not be announced again. */
function announce(text) {
  live.textContent = "";
  setTimeout(() => (live.textContent = text), 50);
}

/** Announces what a query found, and its time; while it runs, that it runs. */
function announceAnswer() {
  asked = main.dataset.state === "checking"; // the answer follows
  announce([main.dataset.says, main.querySelector("[data-asked-at]")?.textContent].filter(Boolean).join(" "));
}

function outside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

/** States that follow from the address, and remain after something else on the page has ended. */
const KEPT = ["checking", "not-yet", "cancelled", "not-opened", "on-phone"];

function reloadAtEnd() {
  const left = Number(main.dataset.ends) - serverNow();
  const keeps = KEPT.includes(main.dataset.state) || location.search.startsWith("?choose");
  endTimer = setTimeout(() => show(keeps ? location.search : ""), Math.max(300, left + 300));
}

let lastLoad = 0;
let asked = false; // whether the payer waits for an answer, which is announced even if the page stays the same

/** Fetches a view of this page and replaces the shown content with it; retries with back-off. */
function show(address) {
  if (!main.dataset.base) return location.reload(); // a page of no order
  const url = new URL(main.dataset.base + (address.startsWith("?") ? address : ""), location.href);
  return load(inLanguage(url), "GET", () => show(address));
}

/**
 * Has the providers queried, and shows the answer or that it is still awaited.
 * reported: what the wallet reported, "cancelled" or "not-opened"; without it, the payer says "I have paid"
 */
function ask(reported = "") {
  const url = new URL(`${main.dataset.base}/ask`, location.href);
  if (reported) url.searchParams.set("reported", reported);
  asked = true;
  return load(inLanguage(url), "POST", () => ask(reported));
}

/** A browser without cookies has the language only in its address. */
function inLanguage(url) {
  const language = new URLSearchParams(location.search).get("lang");
  if (language && !url.searchParams.has("lang")) url.search += `${url.search ? "&" : "?"}lang=${language}`;
  return url;
}

async function load(url, method, again) {
  if (submitted) return;
  const number = ++lastLoad;
  stopPolling();
  let html;
  try {
    const response = await fetch(url, { method, headers: { Accept: "text/html" } });
    if (!response.ok && response.status !== 404) throw new Error(`answered ${response.status}`);
    html = await response.text();
    url = new URL(response.url);
  } catch {
    if (number !== lastLoad) return;
    reportFailure();
    endTimer = setTimeout(again, backOff());
    return;
  }
  if (number !== lastLoad || submitted) return;
  const next = new DOMParser().parseFromString(html, "text/html");
  const fresh = next.querySelector("main");
  if (!fresh) return location.assign(url);
  document.title = next.title;
  history.replaceState(null, "", url.pathname + url.search);
  swap(fresh);
  reportSuccess();
}

/** Replaces the shown content; what is the same stays as it is, so that nothing jumps under a finger. */
function swap(fresh) {
  if (content(fresh) === content(main)) {
    for (const name of Object.keys(main.dataset)) if (!(name in fresh.dataset)) delete main.dataset[name];
    Object.assign(main.dataset, fresh.dataset);
    for (const form of main.querySelectorAll("form")) release(form);
    if (asked) announceAnswer();
    return startTimers();
  }
  const dialog = main.querySelector("dialog");
  const way = main.dataset.provider ? `.choose [data-provider="${main.dataset.provider}"]` : "#any-wallet";
  const before = {
    changed: fresh.dataset.state !== main.dataset.state,
    focused: [...main.querySelectorAll(CONTROLS)].indexOf(document.activeElement),
    id: document.activeElement?.id,
    closed: dialog && way,
    unpaid: "poll" in main.dataset && !main.querySelector(".facts"), // a page with money polls for what becomes of it
  };
  clearInterval(countdown);
  dialog?.close();
  main.replaceWith(fresh);
  main = fresh;
  activate(before);
}

/** The content as the server sent it, without what this script, the payer or the clock changes. */
function content(of) {
  const copy = of.cloneNode(true);
  for (const text of copy.querySelectorAll("[data-left], [data-connection], .copy")) text.textContent = "";
  for (const element of copy.querySelectorAll("*")) {
    for (const name of ["open", "inert", "tabindex", "aria-busy", "data-sent", "data-label"]) element.removeAttribute(name);
  }
  return of.dataset.state + copy.innerHTML;
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

/** Polls the state of the order. The server responds when it changes, or after 25 seconds. */
async function poll() {
  if (!main.dataset.poll || document.hidden || submitted) return;
  stopPolling();
  const request = (pollRequest = new AbortController());
  const timeout = setTimeout(() => request.abort(), 40_000);
  const polledState = main.dataset.state;
  try {
    const wait = failures ? "&wait=0" : ""; // after a failure do not wait: a proxy may cut long requests
    const query = `?version=${main.dataset.version}${wait}`;
    const response = await fetch(main.dataset.poll + query, { method: "POST", signal: request.signal });
    if (response.status === 404) return show("");
    if (!response.ok) throw new Error(`answered ${response.status}`);
    const order = await response.json();
    if (request !== pollRequest) return;
    const date = Date.parse(response.headers.get("Date"));
    if (date && Math.abs(date - serverNow()) > 2_000) setClock(date); // the computer was asleep
    reportSuccess();
    if (!order.ask_again_ms) return show("");
    // another wallet was chosen in another window or on the phone, or its code is ready
    if (order.version !== Number(main.dataset.version)) return show(location.search);
    if (polledState === main.dataset.state) pollTimer = setTimeout(poll, order.ask_again_ms);
  } catch (problem) {
    if (request !== pollRequest || request.signal.reason === HIDDEN) return;
    reportFailure();
    pollTimer = setTimeout(poll, backOff());
  } finally {
    clearTimeout(timeout);
  }
}

function stopPolling() {
  clearTimeout(pollTimer);
  const old = pollRequest;
  pollRequest = null;
  old?.abort(HIDDEN);
}

const backOff = () => Math.min(15_000, 1_000 * 2 ** Math.min(failures - 1, 4)) * (0.75 + Math.random() / 2);

function reportFailure() {
  failures++;
  if (failures > 1) showConnection(main.dataset.reconnecting); // a single failure is not shown
}

function reportSuccess() {
  if (failures > 1) {
    showConnection(main.dataset.connected);
    setTimeout(() => failures === 0 && showConnection(""), 3_000);
  }
  failures = 0;
}

function showConnection(text) {
  const places = main.querySelectorAll("[data-connection]");
  const place = places[places.length - 1];
  if (place && place.textContent !== text) place.textContent = text;
}

/** Returns to the shop after three seconds in which the page is visible: only when the payment was seen to arrive. */
function startCountdown() {
  const place = main.querySelector("[data-leave]");
  if (!place) return;
  const text = place.querySelector("[data-leave-text]");
  let left = Number(place.dataset.leave);
  const count = () => (text.textContent = text.dataset.leaveText.replace("%", left));
  count();
  place.hidden = false;
  countdown = setInterval(() => {
    if (document.hidden) return; // count only while the page is visible
    left -= 1;
    count();
    if (left > 0) return;
    clearInterval(countdown);
    location.assign(main.querySelector("#back-to-shop").href);
  }, 1_000);
  place.querySelector("#stay").addEventListener("click", () => {
    clearInterval(countdown);
    place.hidden = true;
    main.querySelector("#back-to-shop").focus();
  });
}

/** Opens the wallet once, directly after the payer chose it; later the payer uses the button. */
function openWallet() {
  if (!new URLSearchParams(location.search).has("open")) return;
  history.replaceState(null, "", main.dataset.base); // so that "back" from the wallet does not open it again
  if (main.dataset.open) goToWallet(main.dataset.open);
  else if (main.dataset.launch) launchSoon();
}

/** WeChat's browser provides its bridge soon after the page; in test mode another browser gets the simulated wallet. */
function launchSoon() {
  if (typeof WeixinJSBridge !== "undefined") return launch();
  const { simulated } = main.dataset;
  const timer = simulated && setTimeout(() => main.dataset.state === "opening" && goToWallet(simulated), 1_500);
  const launchOnce = () => {
    clearTimeout(timer);
    if (main.dataset.launch) launch();
  };
  document.addEventListener("WeixinJSBridgeReady", launchOnce, { once: true });
}

/** Invokes WeChat's cashier. Its result proves neither a payment nor that there was none: the server queries WeChat Pay. */
function launch() {
  const parameters = JSON.parse(main.dataset.launch);
  WeixinJSBridge.invoke("getBrandWCPayRequest", parameters, ({ err_msg: result }) => {
    if (!main.dataset.launch) return; // the page shows something else by now
    if (result?.endsWith(":ok")) ask();
    else ask(result?.endsWith(":cancel") ? "cancelled" : "not-opened");
  });
}

// Whether this window went to the wallet and has just come back from it: "back" alone is also true of an old address.

const walletKey = () => `wallet ${main.dataset.base}`;

function goToWallet(address) {
  store(walletKey());
  location.assign(address);
}

function isBackFromWallet() {
  return new URLSearchParams(location.search).has("back") && isStored(walletKey());
}

function isStored(key) {
  try {
    return sessionStorage.getItem(key) !== null;
  } catch {
    return false; // storage is disabled
  }
}

function store(key) {
  try {
    sessionStorage.setItem(key, "");
  } catch {
    // storage is disabled: the page stays after the payment until the payer leaves it
  }
}

function forgetWallet() {
  try {
    sessionStorage.removeItem(walletKey());
  } catch {
    // storage is disabled: nothing was stored
  }
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    const range = document.createRange(); // old browser, or no https: copy the selection
    range.selectNodeContents(button.previousElementSibling);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    if (!document.execCommand("copy")) return;
  }
  const label = button.dataset.label ?? button.textContent;
  button.dataset.label = label;
  button.textContent = main.dataset.copied;
  announce(main.dataset.copied);
  setTimeout(() => (button.textContent = label), 2_000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) return void copy(button);
  const wallet = event.target.closest("[data-launches], a[data-wallet]");
  if (wallet && !event.button) return openByButton(event, wallet);
  if (event.target.closest("[data-print]")) return print();
  const link = event.target.closest("a[data-swap]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  show(new URL(link.href).search);
});

/** In test mode the button is a link to the simulated wallet; where WeChat's bridge is, it is used, unless it has failed. */
function openByButton(event, button) {
  const bridge = typeof WeixinJSBridge !== "undefined";
  const failed = main.dataset.simulated && main.dataset.state === "not-opened";
  if (button.matches("[data-launches]") && bridge && !failed) {
    event.preventDefault();
    launch();
  } else if (button.matches("button")) {
    launchSoon();
  } else if (!button.target) {
    store(walletKey());
  }
}

// Sends "I have paid" without leaving the page; prevents a second submit of a form, and marks the button as busy.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "true";
  event.submitter?.setAttribute("aria-busy", "true");
  if ("ask" in form.dataset) {
    event.preventDefault();
    ask();
    return;
  }
  submitted = true; // no swap may take the page away from under the submit
  stopPolling();
  setTimeout(() => {
    submitted = false; // still here: the browser could not send it
    release(form);
    poll();
  }, 20_000);
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) stopPolling();
  else poll();
});

addEventListener("online", () => poll());

addEventListener("offline", () => {
  stopPolling();
  failures = Math.max(failures, 1);
  reportFailure();
  pollTimer = setTimeout(poll, backOff());
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  submitted = false;
  for (const form of document.forms) release(form);
  show(""); // restored from the back/forward cache: load the current state
});

setInterval(tick, 250);
activate({ first: true });
