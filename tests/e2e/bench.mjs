// Time to the whole report, from the first request to the last finding, with a resolver that takes 50 ms for
// every answer: a domain with nine SPF lookups and two MX, and every blocklist that is asked by default.
//
// Beside it stands what the browser takes for as many requests of which none waits for another, as many at a time:
// nothing that asks them can take less. On a small machine it is most of the time. What the engine's schedule takes, by
// itself and to the millisecond, is the figure of `benches/report.rs`.
//
// The page measures itself, in a frame, and posts the result: whatever steers a browser from outside is told of every
// request, which costs as much as the page's own work on it.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CHROMIUM, options } from "./lib/browser.mjs";

const RUNS = 7;
const ANSWER = 50;
/// As many as the engine has under way at a time.
const WIDTH = 16;
const LIMIT = 120_000;
const HASH = "#/check/nine-lookups.example?ip=11.22.33.30";

const links = Number(process.env.LONGEST_CHAIN);
const results = await measured();
const page = median(results.map(({ millis }) => millis));
const bare = median(results.map(({ bare }) => bare));
const { requests, twice } = results.at(-1);
console.log(`the page             ${page.text}`);
console.log(`requests             ${requests}, of those asked twice: ${twice}`);
console.log(`longest chain        ${links * ANSWER} ms`);
console.log(`ratio                ${(page.millis / (links * ANSWER)).toFixed(2)}`);
console.log(`the requests alone   ${bare.text}`);
console.log(`ratio                ${(page.millis / bare.millis).toFixed(2)}`);

function median(times) {
  const sorted = times.map(Math.round).sort((a, b) => a - b);
  const millis = sorted[sorted.length >> 1];
  return { millis, text: `${millis} ms, median of ${sorted.join(", ")}` };
}

async function measured() {
  const html = await readFile(new URL("./lib/bench.html", import.meta.url));
  const home = await mkdtemp(join(tmpdir(), "mail-triage-bench-"));
  let browser;
  const posted = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the browser sent no result")), LIMIT);
    const server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url, "http://localhost");
      if (pathname === "/result") {
        let body = "";
        for await (const chunk of request) body += chunk;
        response.end();
        clearTimeout(timer);
        resolve(JSON.parse(body));
      } else if (pathname === "/bench.html") {
        response.setHeader("content-type", "text/html").end(html);
      } else {
        await forward(request.url, response);
      }
    });
    server.listen(0, "127.0.0.1", () => {
      const query = new URLSearchParams({ runs: RUNS, hash: HASH, width: WIDTH });
      browser = spawn(
        CHROMIUM,
        [
          "--headless",
          "--no-first-run",
          // Its cache in memory.
          "--incognito",
          "--ignore-certificate-errors",
          `--user-data-dir=${home}`,
          ...options({ tlsPort: new URL(process.env.LAB_DOH_SLOW).port }),
          `http://127.0.0.1:${server.address().port}/bench.html?${query}`,
        ],
        { stdio: "ignore" },
      );
      browser.on("error", reject);
    });
    server.unref();
  });
  try {
    const { results, error } = await posted;
    if (error) throw new Error(error);
    return results;
  } finally {
    browser?.kill();
    await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/// The page, from where it is served: a frame can be read only if it comes from the same origin.
async function forward(path, response) {
  const answer = await fetch(new URL(path, process.env.PAGE_URL));
  response.statusCode = answer.status;
  response.setHeader("content-type", answer.headers.get("content-type") ?? "application/octet-stream");
  response.end(Buffer.from(await answer.arrayBuffer()));
}
