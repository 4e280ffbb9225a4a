// Runs the specs side by side, in processes with a browser and a fault server of their own (lib/harness.mjs).
//
//   cargo xtask test e2e              everything; starts the local DNS and serves the page
//   cargo xtask test e2e -- zones     only the specs whose file names hold a word
//
// The environment comes from xtask: PAGE_URL, CHROMIUM, LAB_DOH, LAB_DOH_TLS, LAB_DOH_SLOW, LAB_DIR.

import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath, pathToFileURL } from "node:url";

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
// A process with its browser takes two seconds of the processor before its first test, so it takes several specs, one after
// the other; there are a few for each core, so that none is idle at the end. Seconds of what takes longest, as last seen;
// of the others the size of the file tells enough. A guess that is wrong costs seconds.
const SECONDS = { faults: 65, failures: 73, payloads: 36, fixes: 37, policy: 32, requests: 26, pictures: 32, access: 26, ticket: 27 };
const cores = availableParallelism();
const cost = (file) => SECONDS[basename(file, ".spec.mjs")] ?? statSync(file).size / 500;
const bundles = Array.from({ length: Math.min(files.length, 4 * cores) }, () => ({ files: [], cost: 0 }));
for (const file of files.sort((a, b) => cost(b) - cost(a))) {
  const least = bundles.reduce((least, bundle) => (bundle.cost < least.cost ? bundle : least));
  least.files.push(file);
  least.cost += cost(file);
}
const folder = mkdtempSync(join(tmpdir(), "mail-triage-e2e-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
// Each spec is a suite of its own, so that its hooks are for its own tests; those of the harness are for all of a process.
const url = (path) => JSON.stringify(pathToFileURL(path));
const paths = bundles.map(({ files }, at) => {
  const path = join(folder, `${at}.mjs`);
  const suites = files.map((file) => `describe("${basename(file, ".spec.mjs")}", () => import(${url(file)}));\n`);
  const head = `import { describe } from "node:test";\nimport ${url(join(here, "lib/harness.mjs"))};\n`;
  writeFileSync(path, head + suites.join(""));
  return path;
});

const tests = run({ files: paths, concurrency: cores, timeout: 900_000 });
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
