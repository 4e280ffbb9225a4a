// Runs the specs side by side, each file in a process with a browser and a fault server of its own (lib/harness.mjs).
//
//   cargo xtask test e2e              everything; starts the local DNS and serves the page
//   cargo xtask test e2e -- zones     only the specs whose file names hold a word
//
// The environment comes from xtask: PAGE_URL, CHROMIUM, LAB_DOH, LAB_DOH_TLS, LAB_DOH_SLOW, LAB_DIR.

import { readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const words = process.argv.slice(2);
const files = readdirSync(here)
  .filter((file) => file.endsWith(".spec.mjs"))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .map((file) => join(here, file));
if (files.length === 0) {
  console.error(`no spec matches ${words.join(" ")}`);
  process.exit(1);
}
// What takes longest comes first, so that none of it is left to run alone at the end: what is known for it, then the large
// files. A guess that is wrong costs seconds.
const LONGEST = ["faults", "access", "pictures", "payloads", "languages", "ticket", "failures", "settings"];
const rank = (file) => (LONGEST.includes(basename(file, ".spec.mjs")) ? 1e6 : 0) + statSync(file).size;
files.sort((a, b) => rank(b) - rank(a));

const tests = run({ files, concurrency: availableParallelism(), timeout: 900_000 });
const times = [];
const took = ({ name, file, details }) => {
  if (details.type !== "suite") times.push([details.duration_ms / 1000, `${basename(file, ".mjs")}: ${name}`]);
};
tests.on("test:pass", took);
tests.on("test:fail", (event) => {
  process.exitCode = 1;
  took(event);
});
const report = tests.compose(new spec());
report.pipe(process.stdout);
// xtask reads these lines.
report.on("end", () => {
  for (const [seconds, name] of times.sort((a, b) => b[0] - a[0]).slice(0, 20))
    console.log(`took ${seconds.toFixed(2)} s  ${name}`);
});
