// What a table of many domains takes in a browser: time, requests, the longest task, and the memory of the page's process, for
// 50, 100 and 200 domains of the local DNS through a resolver that takes 20 ms for every answer. Beside it what a key press
// takes where a record is changed to see what would become of it.

import { readFileSync, readdirSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { setTimeout as later } from "node:timers/promises";

import { launch } from "./lib/browser.mjs";

const ANSWER = 20;
const LIMIT = 300_000;
const SIZES = [50, 100, 200];
const CHANGED = "v=spf1 ip4:11.22.33.0/28 -all";

const zones = readdirSync(new URL("../lab/zones/domains", import.meta.url)).map((file) => file.replace(/\.zone$/, ""));
// Two names of each zone: the domain, and one below it that most of them do not have.
const domains = [...zones, ...zones.map((zone) => `mail.${zone}`), ...zones.map((zone) => `shop.${zone}`)];

const tlsPort = await serve();
for (const size of SIZES) console.log(line(`${size} domains`, await many(size)));
console.log(line("a key press in a record that is tried", await keys()));
process.exit();

/// For every host a resolver.
function serve() {
  const dir = process.env.LAB_DIR;
  const files = { cert: readFileSync(`${dir}/cert.pem`), key: readFileSync(`${dir}/key.pem`) };
  const server = createSecureServer(files, async (request, response) => {
    const query = new URL(request.url, "https://page.example").searchParams.get("dns");
    if (!query) return response.writeHead(404).end();
    const accept = { headers: { accept: "application/dns-message" } };
    const [answer] = await Promise.all([fetch(`${process.env.LAB_DOH}?dns=${query}`, accept), later(ANSWER)]);
    response.writeHead(answer.status, { "content-type": "application/dns-message", "access-control-allow-origin": "*", "timing-allow-origin": "*" });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));
}

/// A page in a browser of its own, which notes its tasks of 50 ms and more, and its slowest answer to a person.
async function opened(hash, act) {
  const browser = await launch({ tlsPort });
  try {
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    page.setDefaultTimeout(LIMIT);
    await page.addInitScript(() => {
      performance.setResourceTimingBufferSize(50_000);
      globalThis.tasks = [];
      globalThis.events = [0];
      const watch = (type, then) => new PerformanceObserver((list) => list.getEntries().forEach(then)).observe({ type, durationThreshold: 16, buffered: true });
      watch("longtask", ({ duration, startTime }) => tasks.push({ duration, startTime }));
      watch("event", ({ duration, interactionId }) => interactionId && events.push(duration));
    });
    await page.goto(process.env.PAGE_URL + hash);
    return await act(page, browser);
  } finally {
    await browser.close();
  }
}

function many(size) {
  return opened("#/many", async (page, browser) => {
    await page.locator("#many-list").fill(domains.slice(0, size).join("\n"));
    const start = await page.evaluate(() => performance.now());
    await page.locator(".many-form button.primary").press("Enter");
    await page.waitForFunction((size) => document.querySelector(`[data-many="${size}/${size}"]`), size, { timeout: LIMIT });
    const seen = await page.evaluate((start) => {
      const requests = performance.getEntriesByType("resource").filter(({ name }) => name.includes("dns=")).length;
      const late = tasks.filter(({ startTime }) => startTime > start).map(({ duration }) => duration);
      return { seconds: (performance.now() - start) / 1000, requests, longest: Math.max(0, ...late), tasks: late.length };
    }, start);
    return { ...seen, memory: await memory(browser) };
  });
}

function keys() {
  return opened("#/check/bookshop.example", async (page) => {
    await page.locator('[data-state="done"]').waitFor({ state: "attached" });
    await page.locator("#try summary").first().press("Enter");
    const field = page.locator('.try-records input[aria-label*="bookshop.example TXT"]').first();
    await field.fill("");
    await page.evaluate(() => (tasks.length = events.length = 0));
    await field.pressSequentially(CHANGED, { delay: 60 });
    return page.evaluate(async () => {
      for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
      return { slowest: Math.max(0, ...events), longest: Math.max(0, ...tasks.map(({ duration }) => duration)), tasks: tasks.length };
    });
  });
}

/// The most that the process of the page has held, in octets.
async function memory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  const peaks = renderers.map(({ id }) => {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, "utf8")) ?? [0, 0];
    return kilobytes * 1024;
  });
  return Math.max(...peaks);
}

function line(title, { seconds, requests, longest, tasks, memory, slowest }) {
  const said = [
    seconds && `${seconds.toFixed(1)} s`,
    requests && `${requests} requests`,
    slowest !== undefined && `slowest key ${Math.round(slowest)} ms`,
    `longest task ${longest === 0 ? "below 50" : Math.round(longest)} ms (${tasks} of 50 ms or more)`,
    memory && `${Math.round(memory / 1e6)} MB`,
  ];
  return `${title.padEnd(40)}${said.filter(Boolean).join(", ")}`;
}
