// What a table of many domains takes in a browser: time, requests, the longest task, and the memory of the page's process, for
// 50, 100, 200 and 500 domains of the local DNS through a resolver that takes 20 ms for every answer. Beside it what a key press
// takes where a record is changed to see what would become of it.

import { readFileSync, readdirSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { setTimeout as later } from "node:timers/promises";

import { launch } from "./lib/browser.mjs";
import { posted } from "./lib/posted.mjs";

const ANSWER = 20;
const LIMIT = 600_000;
const SIZES = [50, 100, 200, 500];
const CHANGED = "v=spf1 ip4:11.22.33.0/28 -all";
/// What stands in front of the name of a zone: the domain itself, and names below it that most of them do not have.
const BELOW = ["", "mail.", "shop.", "news.", "office.", "list."];

const zones = readdirSync(new URL("../lab/zones/domains", import.meta.url)).map((file) => file.replace(/\.zone$/, ""));
const domains = BELOW.flatMap((below) => zones.map((zone) => below + zone));

let requests = 0;
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
    requests += 1;
    const accept = { headers: { accept: "application/dns-message" } };
    const [answer] = await Promise.all([fetch(`${process.env.LAB_DOH}?dns=${query}`, accept), later(ANSWER)]);
    response.writeHead(answer.status, { "content-type": "application/dns-message", "access-control-allow-origin": "*" });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));
}

async function many(size) {
  requests = 0;
  const list = encodeURIComponent(domains.slice(0, size).join(" "));
  const seen = await posted("many.html", `#${list}`, { tlsPort, limit: LIMIT, look: memory });
  return { ...seen, requests };
}

/// What the processes of pages below this one hold, in octets: the most that one of them has held, and what it holds now beside
/// the files of the browser, which every page has.
function memory(browser) {
  const held = renderers(browser).map((status) => {
    const octets = (field) => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)[1]) * 1024;
    return { memory: octets("VmHWM"), own: octets("RssAnon") };
  });
  return held.sort((a, b) => b.memory - a.memory)[0];
}

function renderers(browser) {
  const all = new Map();
  for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${id}/status`, "utf8");
      const isPage = readFileSync(`/proc/${id}/cmdline`, "utf8").includes("--type=renderer");
      all.set(Number(id), { status, isPage, parent: Number(/PPid:\s+(\d+)/.exec(status)[1]) });
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (id) => id === browser || (all.has(id) && isBelow(all.get(id).parent));
  return [...all].filter(([id, { isPage }]) => isPage && isBelow(id)).map(([, { status }]) => status);
}

/// How long key presses took, in a browser that is steered: keys are pressed there as a person does. All checks run, and their
/// result is drawn, while the press is handled; when that is painted is up to the browser, and to what else the machine does.
async function keys() {
  const browser = await launch({ tlsPort });
  try {
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    await page.addInitScript(() => {
      globalThis.seen = { event: [], longtask: [] };
      const note = (list) => list.getEntries().forEach((entry) => seen[entry.entryType].push(entry.toJSON()));
      for (const type of Object.keys(seen)) new PerformanceObserver(note).observe({ type, durationThreshold: 16 });
    });
    await page.goto(`${process.env.PAGE_URL}#/check/bookshop.example`);
    await page.locator('[data-state="done"]').waitFor({ state: "attached" });
    await page.locator("#try summary").first().press("Enter");
    const field = page.locator('.try-records input[aria-label*="bookshop.example TXT"]').first();
    await field.fill("");
    // What was pressed before is noted late.
    const start = await page.evaluate(() => performance.now());
    await field.pressSequentially(CHANGED, { delay: 60 });
    const { event, longtask } = await page.evaluate(async () => {
      for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
      return seen;
    });
    const late = (entries) => entries.filter(({ startTime }) => startTime >= start);
    const tasks = late(longtask).map(({ duration }) => duration);
    const handled = late(event).map(({ startTime, processingEnd }) => processingEnd - startTime);
    const painted = late(event).map(({ duration }) => duration);
    const keys = { handled: Math.max(0, ...handled), painted: Math.max(0, ...painted) };
    return { keys, longest: Math.max(0, ...tasks), tasks: tasks.length };
  } finally {
    await browser.close();
  }
}

function line(title, { seconds, requests, longest, tasks, memory, own, keys }) {
  const said = [
    seconds && `${seconds.toFixed(1)} s`,
    requests && `${requests} requests`,
    keys && `the slowest ${Math.round(keys.handled)} ms until all checks have run, ${Math.round(keys.painted)} until the browser has painted it`,
    `longest task ${longest === 0 ? "below 50" : Math.round(longest)} ms (${tasks} of 50 ms or more)`,
    memory && `${Math.round(memory / 1e6)} MB, in the end ${Math.round(own / 1e6)} beside the browser's own files`,
  ];
  return `${title.padEnd(40)}${said.filter(Boolean).join(", ")}`;
}
