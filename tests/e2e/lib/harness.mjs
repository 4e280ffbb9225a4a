// What a spec needs: a page that reports every noise, the fault server's controls, axe.
//
// Every process that runs specs has a fault server and a browser of its own from here: processes run side by side, and
// nothing that one of them does is seen by another.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { after } from "node:test";
import { Worker } from "node:worker_threads";

import { launch } from "./browser.mjs";

const require = createRequire(import.meta.url);
const { PAGE_URL } = process.env;

const server = new Worker(new URL("./front.mjs", import.meta.url));
const [{ url: FRONT_URL, tlsPort }] = await once(server, "message");
// It is there as long as somebody asks it.
server.unref();

/// Addresses of the local DNS.
export const lab = {
  doh: process.env.LAB_DOH,
  dohTls: process.env.LAB_DOH_TLS,
  dohSlow: process.env.LAB_DOH_SLOW,
};
export const pageUrl = PAGE_URL;

let browser;
after(async () => (await browser)?.close());

async function context(options) {
  browser ??= launch({ tlsPort });
  return (await browser).newContext(options);
}

/// Opens the page at a fragment such as `#/check/example.org`, in a context of its own; closes it with the test.
///
/// Fails the test on any console message, uncaught error, CSP report or broken request, except for
/// console messages and uncaught errors that match one of `allow`: the browser itself reports failed requests there.
export async function openPage(t, hash = "", options = {}) {
  const { opened = () => {}, offline = false, script = true, ready = script, at = PAGE_URL } = options;
  const { page, own, noise } = await newPage(options);
  atEnd(t, own, noise);
  await opened(page);
  await arrive(page, hash, ready, at);
  if (offline) await own.setOffline(true);
  return page;
}

/// What is said where a service worker is not let in.
const BLOCKED = "warning: Service Worker registration blocked by Playwright";

/// A page that has not gone anywhere yet, and what it says that it should not.
export async function newPage(options = {}) {
  const {
    lang = "en",
    scheme = "light",
    width = 1024,
    height = 900,
    allow = [],
    script = true,
    storage = {},
    axe = false,
    keeps = false,
  } = options;
  const own = await context({
    // Only the specs about it let the page be kept by its service worker: to the others each visit is the first.
    serviceWorkers: keeps ? "allow" : "block",
    // The local DNS has a certificate of its own.
    ignoreHTTPSErrors: true,
    locale: lang,
    colorScheme: scheme,
    reducedMotion: "reduce",
    viewport: { width, height },
    javaScriptEnabled: script,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const noise = [];
  const page = await own.newPage();
  page.on("console", (message) => {
    const text = `${message.type()}: ${message.text()}`;
    if (text !== BLOCKED && !allow.some((pattern) => pattern.test(text))) noise.push(`console ${text}`);
  });
  page.on("pageerror", (error) => {
    const text = `uncaught: ${error}`;
    if (!allow.some((pattern) => pattern.test(text))) noise.push(text);
  });
  page.on("crash", () => noise.push("the page crashed"));
  await page.exposeBinding("reportViolation", (_, text) => noise.push(`CSP: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      reportViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
  if (Object.keys(storage).length > 0) {
    await page.addInitScript((entries) => {
      for (const [key, value] of Object.entries(entries)) localStorage.setItem(key, value);
    }, storage);
  }
  if (axe) await page.addInitScript({ path: require.resolve("axe-core/axe.min.js") });
  return { page, own, noise };
}

/// Goes to the page, or to one `at` another address; waits for the app too where it is to be `ready`, else for the document alone.
export async function arrive(page, hash, ready = true, at = PAGE_URL) {
  await page.goto(at + hash, { waitUntil: "load" });
  if (ready) await page.locator("[data-state]").first().waitFor({ state: "attached" });
}

const pagesOf = new WeakMap();

/// Closes every page of a test before any of them is judged: what one of them said must not leave the others open.
function atEnd(t, own, noise) {
  const pages = pagesOf.get(t) ?? [];
  pages.push({ own, noise });
  if (pages.length > 1) return;
  pagesOf.set(t, pages);
  t.after(async () => {
    for (const { own } of pages) await own.close();
    assert.deepEqual(pages.flatMap(({ noise }) => noise), [], "the page made noise");
  });
}

/// How long a condition may take to come true. Where it does, nobody waits that long.
export const PATIENCE = 60_000;

/// Waits for the end of a run.
export async function finished(page, timeout = PATIENCE) {
  await page.locator('[data-state="done"]').waitFor({ state: "attached", timeout });
}

/// Codes of the findings on the page, sorted, each once.
export async function codes(page) {
  const all = await page
    .locator("[data-code]")
    .evaluateAll((elements) => elements.map((element) => element.dataset.code));
  return [...new Set(all)].sort();
}

/// Verdict of each step, by its number.
export async function verdicts(page) {
  return page
    .locator("[data-step]")
    .evaluateAll((elements) =>
      Object.fromEntries(elements.map(({ dataset }) => [dataset.step, dataset.verdict])),
    );
}

/// The fragment that checks a target: `check("example.org", { ip: "192.0.2.1" })`.
export function check(target, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  return `#/check/${encodeURIComponent(target)}${query ? `?${query}` : ""}`;
}

/// The fault server: what it shall do, and what it was asked.
export const front = {
  url: FRONT_URL,
  /// Address of a resolver that has one fault, always.
  fault: (kind) => `${FRONT_URL}/fault/${kind}/dns-query`,
  /// Forgets all requests; `hosts` and `names` map a host or DNS name to a fault, `all` is the rest; `policies`
  /// maps a host to the MTA-STS policy that it serves.
  reset: (rules = {}) => control("reset", rules),
  /// Changes rules in mid-run.
  rules: (rules) => control("rules", rules),
  /// Lets go of what the fault `hold` keeps back.
  release: () => control("release"),
  /// Every request so far.
  log: () => control("log"),
};

async function control(what, body) {
  const reply = await fetch(`${FRONT_URL}/control/${what}`, {
    method: "POST",
    body: body && JSON.stringify(body),
  });
  return reply.json();
}

/// Fails on any accessibility violation in the page, or in the part of it that `where` selects; the page must have been
/// opened with `axe: true`. `both` looks at the dark colours too, for which nothing but contrast can differ.
export async function assertAccessible(page, { where, both = false } = {}) {
  const found = await violations(page, where);
  if (both) {
    await page.emulateMedia({ colorScheme: "dark" });
    found.push(...(await violations(page, where, ["color-contrast"])));
    await page.emulateMedia({ colorScheme: "light" });
  }
  assert.deepEqual(found, []);
}

function violations(page, where, runOnly) {
  const look = async ({ where, runOnly }) => {
    // The markup in the result names the element; to make a selector for each that passes takes longest of all.
    const options = { resultTypes: ["violations"], selectors: false, ...(runOnly && { runOnly }) };
    const result = await axe.run(where ?? document, options);
    return result.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`),
    }));
  };
  return page.evaluate(look, { where, runOnly });
}
