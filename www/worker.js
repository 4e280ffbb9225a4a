// The service worker: the page without a network, from files that all belong to one version. The build writes above this what
// VERSION and FILES are: the place of each file, and the hash of what is in it. What stands in FILES is answered from the cache,
// everything else is left to the browser: lookups and what somebody pasted are never seen here, and never kept.
// A version without FILES ends the service.

/// Other pages of this origin have caches of their own.
const OWN = `mail-triage ${registration.scope} `;
const CACHE = OWN + VERSION;
/// Milliseconds that the network has to say whether there is a new version; then the kept one is shown.
const LIMIT = 3000;
/// What was shared with the page, until it asks for it. In memory alone.
let shared = null;

const soon = (promise) => Promise.race([promise.catch(() => {}), new Promise((done) => setTimeout(done, LIMIT))]);
const isPage = (path) => path === "" || path === "index.html";
/// The place of a file of ours; nothing for anything else.
const place = (url) => (url.startsWith(registration.scope) ? url.slice(registration.scope.length).split(/[?#]/)[0] : undefined);
/// A file of this version and of no other, from the network.
const exact = (path) =>
  fetch(new URL(path, registration.scope), { integrity: `sha256-${FILES[path]}`, cache: "no-cache", priority: "low" });

addEventListener("install", (event) => event.waitUntil(fill()));

/// All files or none; one after the other, so that whoever uses the page does not notice.
async function fill() {
  try {
    const cache = await caches.open(CACHE);
    for (const path of Object.keys(FILES)) await cache.put(new URL(path, registration.scope), await exact(path));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

addEventListener("activate", (event) => event.waitUntil(begin()));

async function begin() {
  const kept = Object.keys(FILES).length > 0 ? CACHE : "";
  const old = (await caches.keys()).filter((name) => name.startsWith(OWN) && name !== kept);
  await Promise.all(old.map((name) => caches.delete(name)));
  if (!kept) await registration.unregister();
}

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const path = place(url);
  if (method === "POST" && path === "share") event.respondWith(take(event.request));
  else if (method !== "GET" || path === undefined) return;
  else if (mode === "navigate" && isPage(path) && FILES["index.html"]) event.respondWith(page(event.request));
  else if (Object.hasOwn(FILES, path)) event.respondWith(kept(path));
});

async function kept(path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(new URL(path, registration.scope))) ?? exact(path);
}

/// The page: the network is asked first whether there is a new version. That one is shown if all of it comes in time and no
/// other tab has the old one open; else the kept one, as a whole.
async function page(request) {
  const known = await kept("index.html");
  const fresh = await soon(fetch(request));
  const differs = fresh?.ok && (await soon(fresh.text())) !== (await known.clone().text());
  // A tab that is loaded anew still counts; where a browser does not say that it is (Chromium 148), the new version waits for a
  // press, or for the next visit.
  if ((differs || registration.waiting) && (await tabs()) <= (request.isReloadNavigation ? 1 : 0)) {
    if (!registration.waiting) await soon(registration.update().then(whole));
    if (registration.waiting) {
      registration.waiting.postMessage("apply");
      // A header that refreshes the page would only jump to what stands behind its #.
      return new Response("<script>location.reload()</script>", { headers: { "content-type": "text/html" } });
    }
  }
  return known;
}

/// When the new version that is coming is here.
const whole = () =>
  new Promise((done) => {
    const coming = registration.installing;
    if (!coming) done();
    coming?.addEventListener("statechange", done);
  });

/// How many tabs show the page.
async function tabs() {
  const all = await clients.matchAll({ type: "window", includeUncontrolled: true });
  return all.filter(({ url }) => isPage(place(url))).length;
}

addEventListener("message", (event) => {
  const { data, ports } = event;
  if (data === "apply") event.waitUntil(tabs().then((open) => (open < 2 ? skipWaiting() : ports[0]?.postMessage("elsewhere"))));
  if (data === "shared") [, shared] = [ports[0].postMessage(shared), null];
});

/// A message that was shared with the page waits here until the page asks for it; it goes to no server.
async function take(request) {
  const form = await request.formData();
  const text = ["title", "text", "url"].map((field) => form.get(field)).filter(Boolean).join("\n");
  shared = form.get("file")?.size ? form.get("file") : new File([text], "message.txt", { type: "text/plain" });
  return Response.redirect(new URL("#/message", registration.scope), 303);
}
