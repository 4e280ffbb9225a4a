// What the page says about domains of the local DNS: codes that must be there, codes that must not. Here are those that
// rest on the browser, on the transport or on what only real servers do, and a few more that show that the browser
// comes to what the engine comes to natively; all others are checked by tests/native/lab.rs from the same file.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";

import { check, codes, finished, front } from "./lib/harness.mjs";
import { onePage } from "./lib/page.mjs";

const expected = Object.entries(JSON.parse(readFileSync(new URL("../lab/expect.json", import.meta.url))));

// The one file that is asked for can be read, so that the browser has nothing to complain about.
const text = "version: STSv1\nmode: enforce\nmx: *.hosting.test\nmax_age: 604800\n";
before(() => front.reset({ policies: { "mta-sts.policy.example": { cors: true, text } } }));

describe("domains of the local DNS", () => {
  const visit = onePage();
  for (const [domain, { must, mustNot, ip }] of expected.filter(([, { in: place }]) => place)) {
    test(domain, async (t) => {
      const page = await visit(t, check(domain, ip ? { ip } : {}));
      await finished(page);
      const found = await codes(page);
      assert.deepEqual(
        must.filter((code) => !found.includes(code)),
        [],
        `missing; found ${found.join(" ")}`,
      );
      assert.deepEqual(
        mustNot.filter((code) => found.includes(code)),
        [],
        "found, and must not be",
      );
    });
  }
});
