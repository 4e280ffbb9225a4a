// The projects into which the package was installed.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/// The local DNS.
export const doh = process.env.LAB_DOH;

/// A place in a project.
export const inProject = (name, ...path) => join(process.env.PROJECTS, name, ...path);

/// A package of the end-to-end tests.
export const tool = createRequire(new URL("../../e2e/package.json", import.meta.url));

/// The package as a program in a project gets it.
export const installed = (project, entry = "mail-triage") =>
  import(pathToFileURL(createRequire(inProject(project, "package.json")).resolve(entry)));

/// Runs a program; what it says and its exit status.
export function run(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    const said = { out: "", error: "" };
    child.stdout.on("data", (text) => (said.out += text));
    child.stderr.on("data", (text) => (said.error += text));
    child.on("error", fail);
    child.on("close", (status) => done({ ...said, status }));
  });
}

/// The codes of a report's findings, sorted, each once.
export const codes = ({ checks }) => [
  ...new Set(checks.flatMap(({ findings }) => findings.map(({ code }) => code))),
].sort();

/// The name that a request over HTTPS asks about (RFC 8484 section 4.1, RFC 1035 section 4.1.2).
export function nameAsked(url) {
  const message = Buffer.from(new URL(url).searchParams.get("dns"), "base64url");
  const labels = [];
  for (let at = 12; message[at] !== 0; at += message[at] + 1) labels.push(message.toString("latin1", at + 1, at + 1 + message[at]));
  return labels.join(".");
}
