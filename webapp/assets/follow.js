// Without this script the page works by reloads. The script reads the page's version (data-news of main, a plain text), and when
// it differs from data-version it loads the page again and takes over what has changed: elements with data-part as a whole, new
// children of elements with data-grows. It pauses in a hidden tab, and ends after a time without a change.

const FAST = 1500; // milliseconds between two reads
const SLOW = 5000;
const FAST_FOR = 2 * 60_000; // since the last change
const LIFE = 15 * 60_000;

const main = document.querySelector("main");
const live = document.querySelector("[data-live]");
const parts = new Map(); // of each part the server's HTML, because the page itself opens and closes details
let changedAt = performance.now();
let timer = null;
let reading = false;

for (const part of document.querySelectorAll("[data-part]")) parts.set(part.id, part.outerHTML);

function setFollowing(state) {
  main.dataset.following = state;
}

async function read() {
  timer = null;
  if (document.hidden || reading) return;
  const quiet = performance.now() - changedAt;
  if (quiet > LIFE) return setFollowing("ended");
  setFollowing("on");
  reading = true;
  let again = true;
  try {
    const response = await fetch(main.dataset.news, { cache: "no-store", signal: AbortSignal.timeout(10_000) });
    if (response.status === 404) again = false;
    else if (response.ok && (await response.text()) !== main.dataset.version) await takeOver();
  } catch {
    // the next read tries again: no connection now, or a response that took too long
  }
  reading = false;
  if (!again) return setFollowing("ended");
  clearTimeout(timer);
  timer = setTimeout(read, performance.now() - changedAt > FAST_FOR ? SLOW : FAST);
}

async function takeOver() {
  const response = await fetch(location.href.split("#")[0], { headers: { Accept: "text/html" }, cache: "no-store" });
  if (!response.ok) return;
  const next = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = next.querySelector("main");
  if (!fresh?.dataset.version) return;
  changedAt = performance.now();
  const said = main.dataset.says;
  for (const name of ["state", "shown", "version", "says", "orderState", "told"]) {
    if (fresh.dataset[name] !== undefined) main.dataset[name] = fresh.dataset[name];
  }
  document.title = next.title;
  for (const part of fresh.querySelectorAll("[data-part]")) replace(part);
  for (const list of fresh.querySelectorAll("[data-grows]")) grow(list);
  if (fresh.dataset.says && fresh.dataset.says !== said) live.textContent = fresh.dataset.says;
}

function replace(part) {
  const html = part.outerHTML;
  const old = document.getElementById(part.id);
  if (!old || parts.get(part.id) === html) return;
  // a form in which somebody chooses stays as it is, until it is gone from the server's page
  if (old.open && part.matches("details") && part.querySelector("form")) return;
  parts.set(part.id, html);
  const focused = old.contains(document.activeElement) ? document.activeElement.id : null;
  old.replaceWith(part);
  if (focused === null) return;
  const target = (focused && document.getElementById(focused)) || part.querySelector("h1, h2") || part;
  target.focus({ preventScroll: true });
}

function grow(list) {
  const old = document.getElementById(list.id);
  if (!old) return;
  const kept = new Set([...list.children].map((child) => child.id));
  for (const child of [...old.children]) if (!kept.has(child.id)) child.remove();
  for (const child of [...list.children]) if (!document.getElementById(child.id)) old.append(child);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden || main.dataset.following === "ended") return;
  clearTimeout(timer);
  read();
});

document.documentElement.classList.add("scripted");
if (main?.dataset.news) read();
