// Packs the package, installs it into fresh projects, and runs what is tried there.
//
// PACKAGE is the package as `cargo xtask package` leaves it, LAB_DOH the local DNS, CHROMIUM a browser. Nothing reaches the
// internet: what the projects need beside the package is installed with the end-to-end tests.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const { PACKAGE } = process.env;
const work = join(PACKAGE, "../projects");
const here = new URL(".", import.meta.url);

async function run(command, args, cwd) {
  const [status] = await once(spawn(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] }), "close");
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} in ${cwd}: ${status}`);
}

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
await run("npm", ["pack", PACKAGE, "--silent", "--pack-destination", work], work);
const packed = join(work, readdirSync(work).find((name) => name.endsWith(".tgz")));

// Each is as somebody begins: a manifest, and the package installed from its archive.
await Promise.all(
  ["plain", "node", "vite", "webpack", "types"].map((name) => {
    const project = join(work, name);
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
    if (name === "plain") cpSync(new URL("pages", here), project, { recursive: true });
    return run("npm", ["install", packed, "--offline", "--no-audit", "--no-fund", "--ignore-scripts"], project);
  }),
);

const specs = readdirSync(here).filter((name) => name.endsWith(".spec.mjs"));
const files = specs.map((name) => new URL(name, here).pathname);
const tests = spawn(process.execPath, ["--test", "--test-reporter=spec", ...process.argv.slice(2), ...files], {
  stdio: "inherit",
  env: { ...process.env, PROJECTS: work },
});
const [status] = await once(tests, "close");
process.exitCode = status ?? 1;
