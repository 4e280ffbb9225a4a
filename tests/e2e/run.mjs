// Runs the specs: one browser, one fault server, one spec file after the other.
//
//   cargo xtask test e2e              everything; starts the local DNS and serves the page
//   cargo xtask test e2e -- zones     only the specs whose file names hold a word
//
// The environment comes from xtask: PAGE_URL, CHROMIUM, LAB_DOH, LAB_DOH_TLS, LAB_DOH_SLOW, LAB_DIR.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

import { launch } from "./lib/browser.mjs";
import { start } from "./fault-server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const words = process.argv.slice(2);
const files = readdirSync(here)
  .filter((file) => file.endsWith(".spec.mjs"))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort()
  .map((file) => join(here, file));
if (files.length === 0) {
  console.error(`no spec matches ${words.join(" ")}`);
  process.exit(1);
}

const front = await start({ doh: process.env.LAB_DOH, dir: process.env.LAB_DIR });
const browser = await launch({ tlsPort: front.tlsPort });
process.env.FRONT_URL = front.url;
process.env.BROWSER_WS = browser.wsEndpoint();

const tests = run({ files, concurrency: 1, timeout: 900_000 });
tests.on("test:fail", () => {
  process.exitCode = 1;
});
tests.compose(new spec()).pipe(process.stdout);
tests.on("end", async () => {
  await browser.close();
  front.close();
  // Connections that a test left hanging on purpose keep the process alive.
  setImmediate(() => process.exit());
});
