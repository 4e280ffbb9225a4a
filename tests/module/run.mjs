// Packs the package, installs it into fresh projects, and runs what is tried there.
//
// PACKAGE is the package as `cargo xtask package` leaves it, LAB_DOH the local DNS, CHROMIUM a browser. Nothing reaches the
// internet: what the projects need beside the package is installed with the end-to-end tests.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const { PACKAGE } = process.env;
const work = join(PACKAGE, "../projects");
const here = new URL(".", import.meta.url);

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} in ${cwd}: ${error ?? status}`);
}

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
run("npm", ["pack", PACKAGE, "--silent", "--pack-destination", work], work);
const packed = join(work, readdirSync(work).find((name) => name.endsWith(".tgz")));

// Each is as somebody begins: a manifest, and the package installed from its archive.
for (const name of ["plain", "node", "vite", "webpack", "types"]) {
  const project = join(work, name);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  if (name === "plain") cpSync(new URL("pages", here), project, { recursive: true });
  run("npm", ["install", packed, "--offline", "--no-audit", "--no-fund", "--ignore-scripts"], project);
}

const specs = readdirSync(here).filter((name) => name.endsWith(".spec.mjs"));
const files = specs.map((name) => new URL(name, here).pathname);
const { status } = spawnSync(process.execPath, ["--test", "--test-reporter=spec", ...process.argv.slice(2), ...files], {
  stdio: "inherit",
  env: { ...process.env, PROJECTS: work },
});
process.exitCode = status ?? 1;
