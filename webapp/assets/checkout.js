// The page says the truth without this file; it only saves reloads. It opens the code as a real dialog, follows the
// server's clock, asks whether there is news (the server holds the question), and shows the server's next page in place.

const HIDDEN = Symbol("hidden");
const live = document.querySelector("[data-live]");
let main = document.querySelector("main");
let clock = 0; // the server's time minus performance.now(), in milliseconds
let asking = null; // the AbortController of the question that is under way
let pause = null; // the timer between two questions
let failures = 0;
let waitingFor = null; // the timer of the state's own end
let leaving = null;

document.documentElement.classList.add("scripted");

const serverNow = () => performance.now() + clock;
const follow = (time) => (clock = time - performance.now());

function written(milliseconds) {
  const s = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (n) => String(n).padStart(2, "0");
  return s < 3600
    ? `${Math.floor(s / 60)}:${two(s % 60)}`
    : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

function tick() {
  for (const left of main.querySelectorAll("[data-left]")) {
    const text = written(Number(left.dataset.left) - serverNow());
    if (left.textContent !== text) left.textContent = text;
  }
}

/** Makes what the server sent come alive. */
function rise({ first = false, changed = true, focused = "" } = {}) {
  clearTimeout(waitingFor);
  clearInterval(leaving);
  follow(Number(main.dataset.now));
  const dialog = main.querySelector("dialog");
  if (dialog) {
    dialog.removeAttribute("open");
    main.querySelector(".card").inert = false; // the modal dialog does that itself
    dialog.showModal();
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault(); // Esc puts the code away; the order lives on
      show("?choose");
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog && outside(dialog, event)) show("?choose");
    });
  } else if (!first) {
    // What had the focus is gone with the old content: its successor gets it, or else the heading.
    const heir = (!changed && focused && main.querySelector(`#${focused}`)) || main.querySelector("h1");
    heir?.focus({ preventScroll: true });
  }
  if (!first) say(main.dataset.says);
  tick();
  if (main.dataset.ends) waitForEnd();
  if (main.dataset.state === "paid") leave(first);
  if (main.dataset.state === "opening") open(first);
  clearTimeout(pause);
  ask();
}

/** Said to those who do not see it, also when it is the same as before. */
function say(text) {
  live.textContent = "";
  setTimeout(() => (live.textContent = text), 50);
}

function outside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

function waitForEnd() {
  const left = Number(main.dataset.ends) - serverNow();
  waitingFor = setTimeout(() => show(location.search.startsWith("?choose") ? "?choose" : ""), Math.max(300, left + 300));
}

let showing = 0;

/** Fetches one of this page's addresses and puts its content in place of what is shown. */
async function show(address) {
  const turn = ++showing;
  stopAsking();
  const url = new URL(main.dataset.base + (address.startsWith("?") ? address : ""), location.href);
  let html;
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (!answer.ok && answer.status !== 404) throw new Error(`answered ${answer.status}`);
    html = await answer.text();
  } catch {
    if (turn !== showing) return;
    failed();
    waitingFor = setTimeout(() => show(address), backOff());
    return;
  }
  if (turn !== showing) return;
  const next = new DOMParser().parseFromString(html, "text/html");
  const fresh = next.querySelector("main");
  if (!fresh) return location.assign(url);
  recovered();
  const changed = fresh.dataset.state !== main.dataset.state;
  document.title = next.title;
  history.replaceState(null, "", url);
  const focused = document.activeElement?.id;
  main.querySelector("dialog")?.close();
  main.replaceWith(fresh);
  main = fresh;
  rise({ changed, focused });
}

/** "Paid yet?" The server answers when there is news, or after 25 seconds. */
async function ask() {
  if (!main.dataset.poll || document.hidden) return;
  stopAsking();
  const mine = (asking = new AbortController());
  const timeout = setTimeout(() => mine.abort(), 40_000);
  const seen = main.dataset.state;
  try {
    const wait = failures ? "?wait=0" : ""; // where connections are cut, short questions still get through
    const answer = await fetch(main.dataset.poll + wait, { method: "POST", signal: mine.signal });
    if (answer.status === 404) return show("");
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    const news = await answer.json();
    if (mine !== asking) return;
    const date = Date.parse(answer.headers.get("Date"));
    if (date && Math.abs(date - serverNow()) > 2_000) follow(date); // the computer slept
    recovered();
    if (news.orderPaid || news.status !== 0 || !news.ask_again_ms) return show("");
    if (seen === main.dataset.state) pause = setTimeout(ask, news.ask_again_ms);
  } catch (problem) {
    if (mine !== asking || mine.signal.reason === HIDDEN) return;
    failed();
    pause = setTimeout(ask, backOff());
  } finally {
    clearTimeout(timeout);
  }
}

function stopAsking() {
  clearTimeout(pause);
  const old = asking;
  asking = null;
  old?.abort(HIDDEN);
}

const backOff = () => Math.min(15_000, 1_000 * 2 ** Math.min(failures - 1, 4)) * (0.75 + Math.random() / 2);

function failed() {
  failures++;
  if (failures > 1) connection(main.dataset.reconnecting); // one lost question is nobody's business
}

function recovered() {
  if (failures > 1) {
    connection(main.dataset.connected);
    setTimeout(() => failures === 0 && connection(""), 3_000);
  }
  failures = 0;
}

function connection(text) {
  const places = main.querySelectorAll("[data-connection]");
  const place = places[places.length - 1];
  if (place && place.textContent !== text) place.textContent = text;
}

/** Back to the shop after three visible seconds, once; whoever comes back to this page stays. */
function leave(first) {
  const place = main.querySelector("[data-leave]");
  if (!place) return;
  const key = `left ${main.dataset.base}`;
  const navigation = performance.getEntriesByType("navigation")[0];
  if (remembered(key) || (first && navigation && navigation.type !== "navigate")) return;
  const text = place.querySelector("[data-leave-text]");
  let left = Number(place.dataset.leave);
  const count = () => (text.textContent = text.dataset.leaveText.replace("%", left));
  count();
  place.hidden = false;
  leaving = setInterval(() => {
    if (document.hidden) return; // nobody sees the count
    left -= 1;
    count();
    if (left > 0) return;
    clearInterval(leaving);
    remember(key);
    location.assign(main.querySelector("#back-to-shop").href);
  }, 1_000);
  place.querySelector("#stay").addEventListener("click", () => {
    clearInterval(leaving);
    remember(key);
    place.hidden = true;
    main.querySelector("#back-to-shop").focus();
  });
}

/** Opens the wallet by itself once, right after it was chosen; afterwards there is a button for it. */
function open(first) {
  main.querySelector("#launch-wallet")?.addEventListener("click", launch);
  const chosen = first && new URLSearchParams(location.search).has("open");
  if (!chosen) return;
  history.replaceState(null, "", main.dataset.base); // back from the wallet: not once more
  if (main.dataset.launch) launch();
  else if (main.dataset.open) location.assign(main.dataset.open);
}

/** Whatever WeChat says afterwards is no proof; our server is asked. */
function launch() {
  if (typeof WeixinJSBridge === "undefined") {
    document.addEventListener("WeixinJSBridgeReady", launch, { once: true });
    return;
  }
  const parameters = JSON.parse(main.dataset.launch);
  WeixinJSBridge.invoke("getBrandWCPayRequest", parameters, ({ err_msg: said }) => {
    if (main.dataset.state === "opening") show(said?.endsWith(":ok") ? "?asked" : "");
  });
}

function remembered(key) {
  try {
    return sessionStorage.getItem(key) !== null;
  } catch {
    return false; // a browser that keeps nothing
  }
}

function remember(key) {
  try {
    sessionStorage.setItem(key, "");
  } catch {
    // then it is asked again
  }
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    const range = document.createRange(); // an old browser, or a page without https: select it, and copy by hand
    range.selectNodeContents(button.previousElementSibling);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    if (!document.execCommand("copy")) return;
  }
  const label = button.dataset.label ?? button.textContent;
  button.dataset.label = label;
  button.textContent = main.dataset.copied;
  say(main.dataset.copied);
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

// One press, one code; the button says that it was heard.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "true";
  event.submitter?.setAttribute("aria-busy", "true");
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) stopAsking();
  else ask();
});

addEventListener("online", () => ask());

addEventListener("offline", () => {
  stopAsking();
  failures = Math.max(failures, 1);
  failed();
  pause = setTimeout(ask, backOff());
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) delete form.dataset.sent;
  show(""); // back from a wallet or the shop: never an old state
});

setInterval(tick, 250);
rise({ first: true });
