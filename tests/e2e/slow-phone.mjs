// What a person waits for who opens the page for the first time, on a phone with a slow connection: Chromium's own throttle
// of network and processor, in a browser that has fetched nothing before. Where another build is named, both are measured
// in turn: the machine is not as fast at one time as at another.

import { createReadStream, readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { createGzip } from "node:zlib";

import { question } from "./lib/dns.mjs";
import { launch } from "./lib/browser.mjs";

const RUNS = 3;
/// Lighthouse's mobile connection: octets a second, milliseconds a request, and how much slower the processor is.
const DOWN = (1.44 * 1_000_000) / 8;
const UP = (0.675 * 1_000_000) / 8;
const LATENCY = 562;
const SLOWER = 4;
/// What the resolver takes for an answer, in milliseconds.
const ANSWER = 40;
const LIMIT = 60_000;
const HASH = "#/check/nine-lookups.example?ip=11.22.33.30";
const TYPED = "example.org";
const TYPES = { html: "text/html", js: "text/javascript", css: "text/css", wasm: "application/wasm", json: "application/json", svg: "image/svg+xml", webmanifest: "application/manifest+json" };

const builds = [
  ["this build", "page.example", process.env.DIST],
  ["beside it", "beside.example", process.env.BESIDE],
].filter(([, , dist]) => dist);
const tlsPort = await serve();
const measured = builds.map(() => []);
for (let run = 0; run < RUNS; run += 1) {
  for (const [at, [, host]] of builds.entries()) {
    measured[at].push({ ...(await start(host)), ...(await check(host)) });
  }
}
print();
process.exit();

/// The builds by their host names, as GitHub Pages serves them, and for every other host a resolver.
function serve() {
  const dir = process.env.LAB_DIR;
  const server = createSecureServer({ cert: readFileSync(join(dir, "cert.pem")), key: readFileSync(join(dir, "key.pem")) }, async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "https://page.example");
    const build = builds.find(([, host]) => request.headers[":authority"].startsWith(host));
    if (build) return file(build[2], pathname, response);
    const query = searchParams.get("dns");
    if (!query) return response.writeHead(404).end();
    question(Buffer.from(query, "base64url"));
    const [answer] = await Promise.all([fetch(`${process.env.LAB_DOH}?dns=${query}`, { headers: { accept: "application/dns-message" } }), later(ANSWER)]);
    response.writeHead(answer.status, { "content-type": "application/dns-message", "access-control-allow-origin": "*", "timing-allow-origin": "*" });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));
}

function file(dist, pathname, response) {
  const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
  const stream = createReadStream(join(dist, decodeURIComponent(path)));
  stream.on("error", () => response.writeHead(404).end());
  stream.on("open", () => {
    response.writeHead(200, { "content-type": TYPES[path.split(".").at(-1)] ?? "application/octet-stream", "content-encoding": "gzip" });
    stream.pipe(createGzip({ level: 6 })).pipe(response);
  });
}

/// A page in a browser of its own, as slow as a phone; what it can tell of itself is noted from the start.
async function phone(host, hash, act) {
  const browser = await launch({ tlsPort });
  try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT);
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    // The page's own files; what a lookup takes is the resolver's to say.
    const slow = { urlPattern: `https://${host}/*`, latency: LATENCY, downloadThroughput: DOWN, uploadThroughput: UP };
    await session.send("Network.emulateNetworkConditionsByRule", { offline: false, matchedNetworkConditions: [slow] });
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    await page.addInitScript(watch);
    await page.goto(`https://${host}/${hash}`, { waitUntil: "commit", timeout: LIMIT });
    return await act(page);
  } finally {
    await browser.close();
  }
}

/// Runs in the page: when it reached which state, what moved, and how long what a person did took to be seen.
function watch() {
  performance.setResourceTimingBufferSize(2000);
  const seen = (globalThis.seen = { states: {}, shift: 0, slowest: 0 });
  new MutationObserver(() => {
    const state = document.querySelector("[data-state]")?.dataset.state;
    if (state) seen.states[state] ??= performance.now();
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-state"] });
  // The largest burst, as Lighthouse counts: of five seconds at most, without a second's pause.
  let burst = { start: 0, end: -Infinity, sum: 0 };
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value, startTime } of list.getEntries()) {
      if (hadRecentInput) continue;
      if (startTime > burst.end + 1000 || startTime > burst.start + 5000) burst = { start: startTime, sum: 0 };
      burst.end = startTime;
      burst.sum += value;
      seen.shift = Math.max(seen.shift, burst.sum);
    }
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) if (interactionId) seen.slowest = Math.max(seen.slowest, duration);
  }).observe({ type: "event", durationThreshold: 16 });
}

function reached(page, ...states) {
  return page.waitForFunction((states) => states.some((state) => globalThis.seen?.states[state]), states, { timeout: LIMIT });
}

/// The slowest of the interactions by now, once they were painted.
function slowest(page) {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    await new Promise((done) => setTimeout(done));
    const { slowest } = globalThis.seen;
    globalThis.seen.slowest = 0;
    return slowest;
  });
}

/// Unfolds the first of these folds that is closed and can be seen.
function unfold(page, fold) {
  return page.locator(`${fold}:not([open]) > summary:visible`).first().tap();
}

function start(host) {
  return phone(host, "", async (page) => {
    await reached(page, "idle");
    const usable = await page.evaluate(() => globalThis.seen.states.idle);
    const bytes = await page.evaluate(weigh);
    await page.locator("#q").focus();
    await page.keyboard.type(TYPED);
    return { usable, "start bytes": bytes, typing: await slowest(page), "start shift": await page.evaluate(() => globalThis.seen.shift) };
  });
}

function check(host) {
  return phone(host, HASH, async (page) => {
    await reached(page, "told", "done");
    const { first, lookups } = await page.evaluate(() => {
      const starts = performance.getEntriesByType("resource").filter(({ name }) => name.includes("dns=")).map(({ startTime }) => startTime);
      return { first: Math.min(...starts), lookups: starts.length };
    });
    const { states } = await page.evaluate(() => globalThis.seen);
    const report = Math.min(...[states.told, states.done].filter(Boolean));
    const before = await page.evaluate(weigh, first);
    const all = await page.evaluate(weigh, report);
    await reached(page, "done");
    const shift = await page.evaluate(() => globalThis.seen.shift);
    await slowest(page);
    await page.locator(".causes a").first().tap();
    const cause = await slowest(page);
    await page.locator(".finding[open] details.evidence > summary").first().tap();
    await slowest(page);
    await page.locator(".finding[open] .copy:visible").first().tap();
    const copying = await slowest(page);
    await unfold(page, "details.step-box");
    await slowest(page);
    await unfold(page, "details.finding");
    const unfolding = await slowest(page);
    return { first, report, "bytes before the first lookup": before, "bytes before the report": all, lookups, shift, cause, copying, unfolding };
  });
}

/// Runs in the page: octets of its own files, compressed, that were there at a time; all without one.
function weigh(until = Infinity) {
  const own = performance.getEntriesByType("resource").filter(({ name, responseEnd }) => new URL(name).origin === location.origin && responseEnd <= until);
  // What was preloaded is told twice.
  const files = new Map(own.map((entry) => [entry.name, entry.encodedBodySize]));
  const [document] = performance.getEntriesByType("navigation");
  return [...files.values()].reduce((sum, size) => sum + size, document.encodedBodySize);
}

function print() {
  const rows = [
    ["start page usable", "usable", "ms"],
    ["start page, transferred by then", "start bytes", "bytes"],
    ["start page, layout shift", "start shift", ""],
    ["typing into the box, slowest key", "typing", "ms"],
    ["link to first lookup", "first", "ms"],
    ["transferred before it", "bytes before the first lookup", "bytes"],
    ["link to complete report", "report", "ms"],
    ["transferred before it", "bytes before the report", "bytes"],
    ["lookups", "lookups", ""],
    ["layout shift", "shift", ""],
    ["pressing a cause", "cause", "ms"],
    ["copying a command", "copying", "ms"],
    ["unfolding a finding", "unfolding", "ms"],
  ];
  const head = builds.map(([name]) => name.padStart(34)).join("");
  console.log(`${"".padEnd(34)}${head}`);
  for (const [title, field, unit] of rows) {
    const cells = measured.map((runs) => {
      const values = runs.map((run) => run[field]).sort((a, b) => a - b);
      const shown = (value) => (field.endsWith("shift") ? value.toFixed(3) : Math.round(value));
      return `${shown(values[values.length >> 1])} ${unit} (${shown(values[0])} to ${shown(values.at(-1))})`.padStart(34);
    });
    console.log(`${title.padEnd(34)}${cells.join("")}`);
  }
}
