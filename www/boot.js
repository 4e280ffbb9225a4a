// Picks the language before the first paint, then starts the app. A classic script in the head, so that nothing is
// painted before it ran; its element carries the hashed file names. What fails here leaves the static checklist in place.
(() => {
  const root = document.documentElement;
  const files = document.getElementById("boot").dataset;
  const known = (tag) => (/^zh/i.test(tag) ? "zh-Hant" : /^en/i.test(tag) ? "en" : "");
  const stored = (key) => {
    try {
      return localStorage.getItem(`mail-triage.${key}`);
    } catch {
      // Storage may be forbidden: the browser and the device decide.
    }
  };
  const asked = /[?&]lang=([\w-]+)/.exec(location.hash);
  root.lang = [asked && asked[1], stored("lang"), ...(navigator.languages || [])].map(known).find(Boolean) || "en";
  root.classList.add("js");
  const theme = stored("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;

  // A question sent before the app is there becomes the address that the app reads when it starts. Only what is made as
  // a name or an IP address is, and of an e-mail address what stands behind the `@`. Anything else may be a message: it
  // waits for the app, which can tell, and goes into no address.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const text = event.target.elements.q?.value.trim();
    // A message that was pasted is sent already; of it only the first line stands in the box.
    if (!text || globalThis.mailTriageSent?.split("\n")[0].trim() === text) return;
    globalThis.mailTriageSent = undefined;
    const [, name] = (text.length <= 320 && /^(?:[\w.+-]+@)?([\w-]+(?:\.[\w-]+)+|(?:[\da-f]*:){2,}[\da-f.:]*)$/i.exec(text)) || [];
    if (!name) return (globalThis.mailTriageSent = text);
    location.hash = `#/check/${encodeURIComponent(name)}`;
    globalThis.mailTriagePressed = location.hash;
  });

  // The box has one line: a message pasted into it would lose its lines.
  document.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain").trim();
    if (!event.defaultPrevented && event.target.closest?.(".paint .ask-box") && text?.includes("\n")) {
      event.preventDefault();
      globalThis.mailTriageSent = text;
      event.target.value = text.split("\n")[0];
    }
  });

  // What a person asks for begins at once; an address that changes by itself may be the work of another page.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (link) globalThis.mailTriagePressed = link.hash;
  }, true);

  // The steps and their problems are opened for the printer, and closed behind it: opened by a style sheet they would
  // print as blank pages. What passed stays one line, and the evidence stays on the screen.
  const unfold = (open) => {
    const found = "details.step-box, details.finding:not([data-level=pass], [data-level=info])";
    const folds = open ? `:is(${found}):not([open])` : "details[data-printed]";
    for (const fold of document.querySelectorAll(folds)) {
      fold.open = fold.toggleAttribute("data-printed", open);
    }
    // Firefox prints of what has just been unfolded only what was laid out before.
    root.getBoundingClientRect();
  };
  addEventListener("beforeprint", () => unfold(true));
  addEventListener("afterprint", () => unfold(false));
  matchMedia("print").addEventListener("change", ({ matches }) => unfold(matches));

  // A check, an example or a record that is put together needs more of the program at once.
  if (files.check && /^#\/?(check|example|build|seen)\/./.test(location.hash)) {
    for (const href of files.check.split(" ")) {
      const hint = Object.assign(document.createElement("link"), { rel: "preload", as: "fetch", href });
      hint.crossOrigin = "anonymous";
      document.head.append(hint);
    }
  }

  // The first questions about a name in a link need no program, and a connection to the resolver takes a phone seconds: they
  // are asked while the program comes, which takes their answers over (`crates/browser/src/fetch.rs`). Where it would ask
  // somebody else, or a person first, it begins by itself.
  const early = new Map();
  const ask = (name, type) => {
    // ID 0, recursion desired, one question, one OPT record with DO (RFC 8484 section 4.1, RFC 6891 section 6.1).
    const labels = name.split(".").map((label) => String.fromCharCode(label.length) + label);
    const tail = String.fromCharCode(0, 0, type, 0, 1, 0, 0, 41, 4, 208, 0, 0, 128, 0, 0, 0);
    const octets = `\0\0\x01\0\0\x01\0\0\0\0\0\x01${labels.join("")}${tail}`;
    const dns = btoa(octets).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
    const cancel = new AbortController();
    const answer = fetch(`${files.resolver}?dns=${dns}`, {
      headers: { accept: "application/dns-message" },
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: cancel.signal,
    });
    // Whoever takes it says what went wrong.
    answer.catch(() => {});
    early.set(`${files.resolver}?dns=${dns}`, { answer, cancel });
  };
  globalThis.mailTriageFetch = (request) => {
    const { answer, cancel } = (request.cache === "default" && early.get(request.url)) || {};
    early.delete(request.url);
    if (!answer) return fetch(request);
    request.signal.addEventListener("abort", () => cancel.abort());
    return answer;
  };
  const [, name] = /^#\/check\/((?!www\.)(?:[a-z\d][a-z\d-]{0,62}\.)+[a-z][a-z\d-]{0,62})(?:$|[/?](?!.*resolver=))/.exec(location.hash) || [];
  if (name?.length < 200 && files.resolver && navigator.onLine && self === top && !stored("resolver")) {
    for (const type of [2, 5, 6, 15, 16]) ask(name, type);
    ask(`_dmarc.${name}`, 16);
    // What nobody took in time is old.
    setTimeout(() => early.clear(), 60_000);
  }

  // Where the program meets what must never be, or there is no memory left for it, WebAssembly ends it for good, with all
  // that it did half done: nothing on the page reacts any more. That is said, and nothing else that goes wrong is meant.
  const isEnd = (error) =>
    (typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError) ||
    // No room on the stack: a JavaScript error, but one of the program's own.
    (/^(RangeError|InternalError)$/.test(error?.name) && /wasm-function/.test(error.stack));
  const ended = (error) => {
    const notice = document.querySelector(".ended");
    if (!notice || !isEnd(error)) return;
    notice.querySelector("button").addEventListener("click", () => location.reload(), { once: true });
    notice.hidden = false;
  };
  addEventListener("error", (event) => ended(event.error));
  addEventListener("unhandledrejection", (event) => ended(event.reason));

  const parsed = new Promise((done) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", done);
    else done();
  });
  // The program takes the place of the first paint, which is to be seen before. A page in the background paints nothing,
  // and a style sheet that does not come must not keep the program.
  const painted = () =>
    new Promise((done) => {
      if (document.hidden) done();
      requestAnimationFrame(() => setTimeout(done));
      setTimeout(done, 300);
    });
  import(files.js)
    .then((app) => parsed.then(painted).then(() => app.default({ module_or_path: new URL(files.wasm, document.baseURI) })))
    // What is done beside it: without that the page works all the same.
    .then(() => import("./offline.js").catch(() => {}))
    .catch((error) => {
      root.classList.add("failed");
      console.error(error);
    });
})();
