// Time to the whole report, from the first request to the last finding, with a resolver that takes 50 ms for
// every answer: a domain with nine SPF lookups and two MX, and every blocklist that is asked by default.
//
// Beside it stands what the browser takes for as many requests of which none waits for another, as many at a time:
// nothing that asks them can take less. On a small machine it is most of the time. What the engine's schedule takes, by
// itself and to the millisecond, is the figure of `benches/report.rs`.

import { posted } from "./lib/posted.mjs";

const RUNS = 7;
const ANSWER = 50;
/// As many as the engine has under way at a time.
const WIDTH = 16;
const LIMIT = 120_000;
const HASH = "#/check/nine-lookups.example?ip=11.22.33.30";

const links = Number(process.env.LONGEST_CHAIN);
const query = new URLSearchParams({ runs: RUNS, hash: HASH, width: WIDTH });
const tlsPort = new URL(process.env.LAB_DOH_SLOW).port;
const { results } = await posted("bench.html", `?${query}`, { tlsPort, limit: LIMIT });
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
