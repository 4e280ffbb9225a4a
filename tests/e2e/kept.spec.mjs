// Once visited, the page is there without a network, as one version and never half of two; and it takes what the device hands over.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { check, finished, lab, openPage } from "./lib/harness.mjs";
import { box, button, failedRequests, findings, go, runs, say, until, waitFor } from "./lib/page.mjs";
import { Site, files } from "./lib/site.mjs";

const ERROR = "550-5.7.26 Unauthenticated email from listed-shop.example is not accepted due to domain's DMARC policy.";
const SEEN = deflateRawSync(readFileSync(new URL("../snapshots/1.bin", import.meta.url))).toString("base64url");

async function started(t) {
  const site = await Site.start();
  t.after(() => site.server.listening && site.stop());
  return site;
}

const open = (t, site, hash = "", options = {}) => openPage(t, hash, { at: site.url, keeps: true, allow: failedRequests, ...options });
/// Waits until the page is kept.
const kept = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
/// Visits the page again, from what is kept.
async function again(page) {
  await page.reload();
  await page.locator("[data-state]").first().waitFor({ state: "attached" });
}
/// Has the browser look for a new version, as it does by itself after some visits and hours.
const look = (page) => page.evaluate(() => navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => undefined));
const caches = (page) =>
  page.evaluate(async () => {
    const names = await globalThis.caches.keys();
    const all = await Promise.all(names.map(async (name) => (await globalThis.caches.open(name)).keys()));
    return { names, urls: all.flat().map(({ url }) => url) };
  });
const notice = (page) => page.locator(".update");
const version = (page) => page.locator("#version");
/// Leaves the page and comes back to it. Not by loading it anew: what a worker is told of that differs by browser.
async function back(page) {
  const url = page.url();
  await page.goto("about:blank");
  await page.goto(url);
}
/// Visits the page until the new version is shown: at once where it arrives in time, else on the next visit after it is announced.
async function updated(page) {
  await back(page);
  await notice(page).or(version(page)).first().waitFor({ state: "attached" });
  await until(page, () => document.querySelector("#version") || document.querySelector(".update")?.hidden === false);
  if ((await version(page).count()) === 0) await back(page);
  await version(page).waitFor({ state: "attached" });
}
const failed = async (page) => (await findings(page)).filter(({ level }) => level !== "unknown" && level !== "info");

test("without a network: examples, messages, the checklist, what was seen; a lookup says that there is none", async (t) => {
  const site = await started(t);
  const page = await open(t, site);
  await kept(page);
  await site.stop();
  await page.context().setOffline(true);
  await again(page);
  await page.getByText(say("ui.offline"), { exact: true }).waitFor();

  const tick = page.locator("ol.steps input[type=checkbox]").first();
  await tick.check();
  await runs(page, () => go(page, "#/example/broken"));
  assert.ok((await findings(page)).some(({ level }) => level === "stops"));

  await go(page, "#/message");
  await page.locator("#paste").fill(ERROR);
  await button(page, "ui.paste.read").click();
  assert.equal(await page.locator(".verdict").first().getAttribute("data-cause"), "dmarc-fail");

  await go(page, `#/seen/${SEEN}`);
  await finished(page);
  assert.ok((await findings(page)).length > 5);

  await go(page, "#/build/spf/selfhosted.example");
  await page.locator("#build-title").waitFor();

  await runs(page, () => go(page, check("selfhosted.example")));
  assert.deepEqual(await failed(page), []);
  assert.ok((await page.locator("main").textContent()).includes(say("failure.offline")));

  await page.goto(`${site.url}checklist.en.html`);
  assert.equal(await page.locator("h1").innerText(), say("static.title"));
});

test("what is kept are the files of the build; nothing that was looked up or pasted", async (t) => {
  const site = await started(t);
  const page = await open(t, site, check("selfhosted.example"), { storage: { "mail-triage.resolver": lab.doh } });
  await finished(page);
  await kept(page);
  await again(page);
  await finished(page);
  await go(page, "#/message");
  await page.locator("#paste").fill(ERROR);
  await button(page, "ui.paste.read").click();
  await page.locator(".verdict").first().waitFor();
  const { urls } = await caches(page);
  assert.deepEqual(urls.sort(), Object.keys(files).map((path) => site.url + path).sort());
  for (const path of ["index.html", "boot.js", "locales/en.json", "locales/zh-Hant.bounce.json", "data/providers.json"]) {
    assert.ok(path in files, path);
  }
});

test("a new version is announced, and comes whole, once no other tab shows the old one", async (t) => {
  const site = await started(t);
  const page = await open(t, site);
  await kept(page);
  await again(page);
  site.publish("two");
  await look(page);
  await notice(page).waitFor();
  // Another tab that is opened now shows the old version too, and says so.
  const other = await page.context().newPage();
  await other.goto(site.url);
  await other.locator("[data-state]").first().waitFor({ state: "attached" });
  assert.equal(await version(other).count(), 0);
  await notice(other).waitFor();
  assert.equal(await page.locator(".update .elsewhere").isVisible(), false);
  await page.locator(".update button").click();
  await page.locator(".update .elsewhere").waitFor();
  // The other tab is visited again: still the old version, of which nothing has gone.
  await other.reload();
  await other.locator("[data-state]").first().waitFor({ state: "attached" });
  assert.equal(await version(other).count(), 0);
  await other.goto(`${site.url}#/example/broken`);
  await finished(other);
  await other.close();

  await page.locator(".update button").click();
  await version(page).waitFor({ state: "attached" });
  await page.locator("[data-state]").first().waitFor({ state: "attached" });
  assert.equal(await notice(page).isVisible(), false);
  const { names } = await caches(page);
  assert.equal(names.length, 1, names.join(" "));
});

test("whoever comes back with a network gets the new version without a press, at the same address", async (t) => {
  const site = await started(t);
  const page = await open(t, site, "#/example/broken");
  await finished(page);
  await kept(page);
  site.publish("two");
  await updated(page);
  await finished(page);
  assert.equal(new URL(page.url()).hash, "#/example/broken");
});

test("of a version that is half published nothing is shown", async (t) => {
  const site = await started(t);
  const page = await open(t, site);
  await kept(page);
  site.publishHalf("half");
  await again(page);
  assert.equal(await version(page).count(), 0);
  const { names } = await caches(page);
  assert.equal(names.length, 1, names.join(" "));
  assert.equal(await notice(page).isVisible(), false);
  site.publish("two");
  await updated(page);
});

test("a later version ends all of it", async (t) => {
  const site = await started(t);
  const page = await open(t, site);
  await kept(page);
  await again(page);
  site.withdraw();
  await look(page);
  await notice(page).waitFor();
  await page.close();
  const next = await page.context().newPage();
  const left = async () => {
    await next.goto(site.url);
    await next.locator("[data-state]").first().waitFor({ state: "attached" });
    const { names } = await caches(next);
    return names.length + (await next.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length));
  };
  await waitFor("nothing is kept any more", async () => (await left()) === 0);
});

test("where nothing may be kept, the page works as before", async (t) => {
  const site = await started(t);
  const page = await open(t, site, "", {
    opened: async (page) => {
      const session = await page.context().newCDPSession(page);
      await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(site.url).origin, quotaSize: 1 });
    },
  });
  await waitFor("it tried to keep the page", () => site.log.includes("GET sw.js"));
  await waitFor("it gave up", () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration()) === undefined));
  await runs(page, () => go(page, "#/example/broken"));
  assert.ok((await findings(page)).some(({ level }) => level === "stops"));
});

test("a message that is shared with the page is explained, and reaches no server", async (t) => {
  const site = await started(t);
  const page = await open(t, site);
  await kept(page);
  await again(page);
  const { share_target: target } = JSON.parse(readFileSync(new URL("../../dist/manifest.webmanifest", import.meta.url)));
  // What shares is no page of this one's.
  await page.goto("about:blank");
  const { method, enctype, action, params } = target;
  await page.setContent(`<form method="${method}" enctype="${enctype}" action="${site.url}${action}"><textarea name="${params.text}"></textarea><button>share</button></form>`);
  await page.locator("textarea").fill(ERROR);
  await page.getByRole("button").click();
  await page.locator(".verdict").first().waitFor();
  assert.equal(await page.locator(".verdict").first().getAttribute("data-cause"), "dmarc-fail");
  assert.deepEqual(site.log.filter((line) => line.startsWith("POST")), []);
  const { urls } = await caches(page);
  assert.equal(urls.length, Object.keys(files).length);
  // Whoever visits the page again does not get it again.
  await again(page);
  assert.equal(await page.locator(".verdict").count(), 0);
});

test("a file that is opened with the page is explained", async (t) => {
  const { file_handlers: handlers } = JSON.parse(readFileSync(new URL("../../dist/manifest.webmanifest", import.meta.url)));
  assert.deepEqual(handlers.flatMap(({ accept }) => Object.values(accept).flat()).sort(), [".eml", ".txt"]);
  const page = await openPage(t, "", {
    opened: (page) =>
      page.addInitScript((text) => {
        const handle = { getFile: async () => new File([text], "returned.eml") };
        Object.defineProperty(window, "launchQueue", { value: { setConsumer: (take) => take({ files: [handle] }) } });
      }, ERROR),
  });
  await page.locator(".verdict").first().waitFor();
  assert.equal(await page.locator(".verdict").first().getAttribute("data-cause"), "dmarc-fail");
});

test("the address of a message opens the field for it, and is an ordinary page then", async (t) => {
  const page = await openPage(t, "#/message?lang=zh-Hant");
  await page.locator("#paste").waitFor();
  await until(page, () => location.hash === "#/?lang=zh-Hant");
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-Hant");
  assert.ok(await box(page).isVisible());
});
