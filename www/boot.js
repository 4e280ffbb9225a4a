// Picks the language before the first paint, then starts the app. A classic script in the head, so that nothing is
// painted before it ran; its element carries the hashed file names. What fails here leaves the static checklist in place.
(() => {
  const root = document.documentElement;
  const files = document.getElementById("boot").dataset;
  const known = (tag) => (/^zh/i.test(tag) ? "zh-Hant" : /^en/i.test(tag) ? "en" : "");
  let stored;
  try {
    stored = localStorage.getItem("mail-triage.lang");
  } catch {
    // Storage may be forbidden: the browser's languages decide.
  }
  const asked = /[?&]lang=([\w-]+)/.exec(location.hash);
  root.lang = [asked && asked[1], stored, ...(navigator.languages || [])].map(known).find(Boolean) || "en";
  root.classList.add("js");

  // A question sent before the app is there becomes the address that the app reads when it starts.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const text = event.target.elements.q?.value.trim();
    if (text) location.hash = `#/check/${encodeURIComponent(text)}`;
  });

  // A link to a check needs the rest of the program at once.
  if (files.later && location.hash.length > 2) {
    const hint = Object.assign(document.createElement("link"), { rel: "preload", as: "fetch", href: files.later });
    hint.crossOrigin = "anonymous";
    document.head.append(hint);
  }

  const parsed = new Promise((done) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", done);
    else done();
  });
  import(files.js)
    .then((app) => parsed.then(() => app.default({ module_or_path: new URL(files.wasm, document.baseURI) })))
    .catch((error) => {
      root.classList.add("failed");
      console.error(error);
    });
})();
