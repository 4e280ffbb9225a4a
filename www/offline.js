// What the page does once its program has started, and not before: it is kept for when there is no network, a new version is
// announced, and what the device hands over is read, a shared text or a file that was opened with it.

/// Whether this version is kept; the build says otherwise where it is not to be.
const KEPT = true;

/// Hands a file to the page as if it had been dropped there. It stays in the page.
const give = (file) => {
  const data = new DataTransfer();
  data.items.add(file);
  dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
};

/// When the page is there and no check is under way: then nothing is fetched that somebody waits for.
const quiet = () =>
  new Promise((done) => {
    const look = () => {
      if (!/^(idle|done)$/.test(document.querySelector("[data-state]")?.dataset.state)) return;
      observer.disconnect();
      done();
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-state"] });
    look();
  });

/// Says that a new version is here. It takes the place of this one when the user wants it, and no other tab shows this one.
const announce = (worker) => {
  const notice = document.querySelector(".update");
  notice.hidden = false;
  notice.querySelector("button").onclick = () => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (notice.querySelector(".elsewhere").hidden = false);
    worker.postMessage("apply", [port2]);
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  };
};

const keep = async () => {
  const workers = navigator.serviceWorker;
  const { controller } = workers;
  if (controller) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => data && give(data);
    controller.postMessage("shared", [port2]);
  }
  // The one address that becomes a script, whatever is asked.
  const policy = globalThis.trustedTypes?.createPolicy("service-worker", { createScriptURL: () => "sw.js" });
  const mayKeep = KEPT && !navigator.connection?.saveData;
  const script = policy?.createScriptURL("") ?? "sw.js";
  const registration = mayKeep ? await workers.register(script) : await workers.getRegistration();
  if (!controller || !registration) return;
  if (registration.waiting) announce(registration.waiting);
  const coming = () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => worker.state === "installed" && announce(worker));
  };
  registration.addEventListener("updatefound", coming);
  coming();
};

await quiet();
globalThis.launchQueue?.setConsumer(async ({ files: [file] }) => file && give(await file.getFile()));
// Where the browser keeps nothing, the page works with a network.
if (navigator.serviceWorker) keep().catch(() => {});
