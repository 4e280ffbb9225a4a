// What a spec needs: a page that reports every noise, the fault server's controls, axe.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const { PAGE_URL, FRONT_URL, BROWSER_WS } = process.env;

/// Addresses of the local DNS.
export const lab = {
  doh: process.env.LAB_DOH,
  dohTls: process.env.LAB_DOH_TLS,
  dohSlow: process.env.LAB_DOH_SLOW,
};
export const pageUrl = PAGE_URL;

// One connection to the browser for as long as a page is open: an idle one would keep the process of the spec alive.
let browser;
let open = 0;

async function context(options) {
  open += 1;
  browser ??= chromium.connect(BROWSER_WS);
  return (await browser).newContext(options);
}

async function close(own) {
  await own.close();
  open -= 1;
  if (open > 0) return;
  const idle = browser;
  browser = undefined;
  await (await idle).close();
}

/// Opens the page at a fragment such as `#/check/example.org`; closes it with the test.
///
/// Fails the test on any console message, uncaught error, CSP report or broken request, except for
/// console messages and uncaught errors that match one of `allow`: the browser itself reports failed requests there.
export async function openPage(t, hash = "", options = {}) {
  const {
    lang = "en",
    scheme = "light",
    width = 1024,
    height = 900,
    allow = [],
    offline = false,
    script = true,
    storage = {},
    axe = false,
    /// Called with the page before it goes anywhere.
    opened = () => {},
    /// Wait for the app, not only for the document.
    ready = script,
  } = options;
  const own = await context({
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
    if (!allow.some((pattern) => pattern.test(text))) noise.push(`console ${text}`);
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
  atEnd(t, own, noise);
  await opened(page);
  await page.goto(PAGE_URL + hash, { waitUntil: "load" });
  if (ready) await page.locator("[data-state]").first().waitFor({ state: "attached" });
  if (offline) await own.setOffline(true);
  return page;
}

const pagesOf = new WeakMap();

/// Closes every page of a test before any of them is judged: what one of them said must not leave the others open.
function atEnd(t, own, noise) {
  const pages = pagesOf.get(t) ?? [];
  pages.push({ own, noise });
  if (pages.length > 1) return;
  pagesOf.set(t, pages);
  t.after(async () => {
    for (const { own } of pages) await close(own);
    assert.deepEqual(pages.flatMap(({ noise }) => noise), [], "the page made noise");
  });
}

/// Waits for the end of a run.
export async function finished(page, timeout = 30_000) {
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

/// Fails on any accessibility violation; the page must have been opened with `axe: true`.
export async function assertAccessible(page) {
  const violations = await page.evaluate(async () => {
    const result = await axe.run(document, { resultTypes: ["violations"] });
    return result.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`),
    }));
  });
  assert.deepEqual(violations, []);
}
