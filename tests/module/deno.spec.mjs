// The package in Deno, where there is one.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";

import { codes, doh, inProject, run } from "./lib/project.mjs";

const version = await run("deno", ["--version"]).catch(() => null);

test("Deno checks as Node does", { skip: version === null && "Deno is not installed" }, async () => {
  const script = inProject("node", "deno.js");
  writeFileSync(
    script,
    `import { check, render } from "mail-triage";
     const report = await check("two-spf.example", { resolver: ${JSON.stringify(doh)} });
     console.log(JSON.stringify({ report, text: await render(report, "text") }));`,
  );
  const { out, error, status } = await run("deno", ["run", "--allow-read", "--allow-net", script], { cwd: inProject("node") });
  assert.equal(status, 0, error);
  const { report, text } = JSON.parse(out);
  assert.ok(codes(report).includes("SPF-030"));
  assert.match(text, /^Mail Triage: two-spf\.example\n/);
});
