// Without this script the page works by reloads. The script shows the code in a modal dialog, counts down by the server's
// clock, polls for a change of the order (long polling), and replaces the content of the page with the server's next one.

const HIDDEN = Symbol("hidden");
const live = document.querySelector("[data-live]");
let main = document.querySelector("main");
let clockOffset = 0; // the server's time minus performance.now(), in milliseconds
let pollRequest = null; // the AbortController of the running poll
let pollTimer = null; // the timer until the next poll
let failures = 0;
let endTimer = null; // the timer of the time at which the shown state ends
let countdown = null; // the timer of the return to the shop

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

/** Starts dialog, timers and polling for new content. */
function activate({ first = false, changed = true, focused = "" } = {}) {
  clearTimeout(endTimer);
  clearInterval(countdown);
  setClock(Number(main.dataset.now));
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
    // The focused element was replaced: focus the new one with its id if the state is the same, otherwise the heading.
    const target = (!changed && focused && main.querySelector(`#${focused}`)) || main.querySelector("h1");
    target?.focus({ preventScroll: true });
  }
  if (!first) announce(main.dataset.says);
  tick();
  if (main.dataset.ends) reloadAtEnd();
  if (main.dataset.state === "paid") startCountdown(first);
  if (main.dataset.state === "opening") openWallet(first);
  clearTimeout(pollTimer);
  poll();
}

/** Announces a text to screen readers; cleared first, because an unchanged text would not be announced again. */
function announce(text) {
  live.textContent = "";
  setTimeout(() => (live.textContent = text), 50);
}

function outside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

function reloadAtEnd() {
  const left = Number(main.dataset.ends) - serverNow();
  endTimer = setTimeout(() => show(location.search.startsWith("?choose") ? "?choose" : ""), Math.max(300, left + 300));
}

let lastLoad = 0;

/** Fetches a view of this page and replaces the shown content with it; retries with back-off. */
async function show(address) {
  const load = ++lastLoad;
  stopPolling();
  const url = new URL(main.dataset.base + (address.startsWith("?") ? address : ""), location.href);
  let html;
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    if (!response.ok && response.status !== 404) throw new Error(`answered ${response.status}`);
    html = await response.text();
  } catch {
    if (load !== lastLoad) return;
    reportFailure();
    endTimer = setTimeout(() => show(address), backOff());
    return;
  }
  if (load !== lastLoad) return;
  const next = new DOMParser().parseFromString(html, "text/html");
  const fresh = next.querySelector("main");
  if (!fresh) return location.assign(url);
  reportSuccess();
  const changed = fresh.dataset.state !== main.dataset.state;
  document.title = next.title;
  history.replaceState(null, "", url);
  const focused = document.activeElement?.id;
  main.querySelector("dialog")?.close();
  main.replaceWith(fresh);
  main = fresh;
  activate({ changed, focused });
}

/** Polls the state of the order. The server responds when it changes, or after 25 seconds. */
async function poll() {
  if (!main.dataset.poll || document.hidden) return;
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
    if (order.orderPaid || order.status !== 0 || !order.ask_again_ms) return show("");
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

/** Returns to the shop after three seconds in which the page is visible; only once, not after "back" or a reload. */
function startCountdown(first) {
  const place = main.querySelector("[data-leave]");
  if (!place) return;
  const key = `left ${main.dataset.base}`;
  const navigation = performance.getEntriesByType("navigation")[0];
  if (isStored(key) || (first && navigation && navigation.type !== "navigate")) return;
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
    store(key);
    location.assign(main.querySelector("#back-to-shop").href);
  }, 1_000);
  place.querySelector("#stay").addEventListener("click", () => {
    clearInterval(countdown);
    store(key);
    place.hidden = true;
    main.querySelector("#back-to-shop").focus();
  });
}

/** Opens the wallet once, directly after the payer chose it; later the payer uses the button. */
function openWallet(first) {
  main.querySelector("#launch-wallet")?.addEventListener("click", invokeWallet);
  const chosen = first && new URLSearchParams(location.search).has("open");
  if (!chosen) return;
  history.replaceState(null, "", main.dataset.base); // so that "back" from the wallet does not open it again
  if (main.dataset.launch) invokeWallet();
  else if (main.dataset.open) location.assign(main.dataset.open);
}

/** Invokes WeChat's cashier. Its result is not a proof of payment; the server's next page has the state of the order. */
function invokeWallet() {
  if (typeof WeixinJSBridge === "undefined") {
    document.addEventListener("WeixinJSBridgeReady", invokeWallet, { once: true });
    return;
  }
  const parameters = JSON.parse(main.dataset.launch);
  WeixinJSBridge.invoke("getBrandWCPayRequest", parameters, ({ err_msg: result }) => {
    if (main.dataset.state === "opening") show(result?.endsWith(":ok") ? "?asked" : "");
  });
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
    // storage is disabled: the countdown starts again at the next visit
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
  const link = event.target.closest("a[data-swap]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  show(new URL(link.href).search);
});

// Prevents a second submit of the same form, and marks the button as busy.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "true";
  event.submitter?.setAttribute("aria-busy", "true");
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
  for (const form of document.forms) delete form.dataset.sent;
  show(""); // restored from the back/forward cache: load the current state
});

setInterval(tick, 250);
activate({ first: true });
