// The package in Deno, against the local DNS. It may read the project and reach the local DNS, and nothing else.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { codes, doh, inProject, installed, nameAsked, run } from "./lib/project.mjs";

/// The program of the package of this system: npm installs no other, and its scripts, which would look for it, do not run.
function binary() {
  const { resolve } = createRequire(import.meta.url);
  const { optionalDependencies } = JSON.parse(readFileSync(resolve("deno/package.json"), "utf8"));
  const end = process.platform === "win32" ? ".exe" : "";
  for (const name of Object.keys(optionalDependencies)) {
    try {
      return resolve(`${name}/deno${end}`);
    } catch {
      // Of another system.
    }
  }
  return null;
}

const deno = binary();
const runs = deno !== null && (await run(deno, ["--version"]).catch(() => null))?.status === 0;
const options = { skip: !runs && `npm has no Deno that runs on ${process.platform}, ${process.arch}` };
const project = inProject("node");
const ALLOWED = [`--allow-read=${project}`, `--allow-net=${new URL(doh).host}`];

/// What a script in the project says, as JSON.
async function say(name, text, allowed = ALLOWED) {
  const script = inProject("node", name);
  writeFileSync(script, text);
  const { out, error, status } = await run(deno, ["run", "--no-prompt", "--no-remote", "--no-lock", ...allowed, script], {
    cwd: project,
    env: { ...process.env, DENO_DIR: inProject("node", ".deno"), DENO_NO_UPDATE_CHECK: "1" },
  });
  assert.equal(status, 0, error);
  return JSON.parse(out);
}

const resolver = JSON.stringify(doh);

test("Deno checks as Node does, by its own fetch", options, async () => {
  const { report, text } = await say(
    "check.js",
    `import { check, render } from "mail-triage";
     const report = await check("two-spf.example", { resolver: ${resolver} });
     console.log(JSON.stringify({ report, text: await render(report, "text", "zh-Hant") }));`,
  );
  const mail = await installed("node");
  assert.ok(codes(report).includes("SPF-030"));
  assert.deepEqual(codes(report), codes(await mail.check("two-spf.example", { resolver: doh })));
  assert.equal(text, await mail.render(report, "text", "zh-Hant"));
});

test("Deno asks by the fetch of the caller, and stops when told to", options, async () => {
  const { asked, found, error } = await say(
    "fetch.js",
    `import { create } from "mail-triage";
     const asked = [];
     const mail = create({ resolver: ${resolver}, fetch: (request) => (asked.push(request.url), fetch(request)) });
     const report = await mail.check("choir.example");
     const change = { name: "choir.example", type: "TXT", records: ["v=spf1 include:_spf.google.com -all"] };
     const { evidence } = await mail.whatIf(report, [change]);
     const found = evidence.find(({ query }) => query.name === "_spf.google.com");
     const error = await mail.check("choir.example", { signal: AbortSignal.abort() }).catch(({ name }) => name);
     console.log(JSON.stringify({ asked, found, error }));`,
  );
  assert.ok(asked.every((url) => url.startsWith(`${doh}?dns=`)), "something else than the resolver was asked");
  const names = asked.map(nameAsked);
  assert.ok(names.includes("choir.example") && names.includes("_spf.google.com"), names.join(" "));
  assert.equal(found.outcome.status, "records");
  assert.equal(error, "AbortError");
});

test("Deno evaluates SPF, reads records and explains messages", options, async () => {
  const { spf, record, reading } = await say(
    "records.js",
    `import { evaluateSpf, parseRecord } from "mail-triage/records";
     import { explainMessage } from "mail-triage";
     const message = { ip: "192.0.2.1", sender: "anna@ten-lookups.example", helo: "mx.example" };
     const spf = await evaluateSpf(message, { resolver: ${resolver} });
     const record = await parseRecord("spf", "v=spf1 ip4:1.2.3.0/33");
     const reading = await explainMessage("550 5.1.1 <bob@shop.example>: no such user", { lang: "en" });
     console.log(JSON.stringify({ spf, record, reading }));`,
  );
  assert.ok(spf.lookups >= 10 && spf.lookups === spf.trace.reduce((sum, { cost }) => sum + cost, 0));
  assert.equal(record.errors.length, 1);
  assert.equal(reading.verdicts[0].cause, "recipient-unknown");
  assert.ok(reading.words[0].every((words) => words.length > 10));
});

test("Deno reads the files of the package from beside it, and says so where it must not", options, async () => {
  const script = `import { describe } from "mail-triage";
     console.log(JSON.stringify(await describe("SPF-030").catch(({ code }) => ({ code }))));`;
  assert.equal((await say("files.js", script, [`--allow-read=${project}`])).level, "stops");
  assert.equal((await say("no-files.js", script, [])).code, "files");
});
