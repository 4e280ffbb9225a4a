// Time to the whole report, from the first request to the last finding, with a resolver that takes 50 ms for
// every answer: a domain with nine SPF lookups and two MX, and every blocklist that is asked by default.

import { launch } from "./lib/browser.mjs";
import { chromium } from "playwright-core";

const RUNS = 7;
const ANSWER = 50;
// A question about the root, to a resolver of the page's list: the connection is made before the clock starts.
const WARM = "https://cloudflare-dns.com/dns-query?dns=AAABAAABAAAAAAAAAAACAAE";
const HASH = "#/check/nine-lookups.example?ip=11.22.33.30";

const server = await launch({ tlsPort: new URL(process.env.LAB_DOH_SLOW).port });
const browser = await chromium.connect(server.wsEndpoint());
const runs = [];
for (let run = 0; run < RUNS; run += 1) runs.push(await measure());
await browser.close();
await server.close();

runs.sort((a, b) => a.millis - b.millis);
const { millis, requests, twice } = runs[RUNS >> 1];
const chain = Number(process.env.LONGEST_CHAIN) * ANSWER;
console.log(`median of ${RUNS} runs     ${Math.round(millis)} ms`);
console.log(`requests             ${requests}, of those asked twice: ${twice}`);
if (chain > 0) {
  console.log(`longest chain        ${chain} ms`);
  console.log(`ratio                ${(millis / chain).toFixed(2)} (budget 1.30)`);
}

async function measure() {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(process.env.PAGE_URL);
  await page.locator('[data-state="idle"]').waitFor({ state: "attached" });
  const result = await page.evaluate(async ([hash, warm]) => {
    // The slow front turns questions away until the one behind it is known to answer.
    for (const start = performance.now(); ; ) {
      try {
        await (await fetch(warm, { credentials: "omit" })).arrayBuffer();
        break;
      } catch (error) {
        if (performance.now() - start > 20_000) throw error;
      }
    }
    performance.setResourceTimingBufferSize(2000);
    performance.clearResourceTimings();
    const done = new Promise((resolve) => {
      new MutationObserver((_, observer) => {
        // The results stand there; what is folded away follows.
        if (!document.querySelector('[data-state="told"], [data-state="done"]')) return;
        observer.disconnect();
        resolve(performance.now());
      }).observe(document, { subtree: true, childList: true, attributes: true });
    });
    location.hash = hash;
    const end = await done;
    const urls = performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.includes("dns="))
      .map(({ name, startTime }) => ({ name, startTime }));
    return {
      millis: end - Math.min(...urls.map(({ startTime }) => startTime)),
      requests: urls.length,
      twice: urls.length - new Set(urls.map(({ name }) => name)).size,
    };
  }, [HASH, WARM]);
  await context.close();
  return result;
}
