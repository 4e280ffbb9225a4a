// What the page says about each domain of the local DNS: codes that must be there, codes that must not.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";

import { check, codes, finished, front, openPage } from "./lib/harness.mjs";

const expected = JSON.parse(readFileSync(new URL("../lab/expect.json", import.meta.url)));

// The one file that is asked for can be read, so that the browser has nothing to complain about.
const text = "version: STSv1\nmode: enforce\nmx: *.hosting.test\nmax_age: 604800\n";
before(() => front.reset({ policies: { "mta-sts.policy.example": { cors: true, text } } }));

describe("domains of the local DNS", { concurrency: 3 }, () => {
  for (const [domain, { must, mustNot, ip }] of Object.entries(expected)) {
    test(domain, async (t) => {
      const page = await openPage(t, check(domain, ip ? { ip } : {}));
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
