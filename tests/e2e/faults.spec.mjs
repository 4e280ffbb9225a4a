// The fault matrix: what a resolver may do wrong, for a domain that is in order and one that is not. Whatever it is, the page
// says nothing that it does not say when all is well, and no headline is calmer than "could not be checked".

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { ENDLESS, SILENT } from "./lib/fault-words.mjs";
import { check, finished, front, openPage, verdicts } from "./lib/harness.mjs";
import { button, failedRequests, file, runs, said, say } from "./lib/page.mjs";

const DOMAINS = {
  healthy: check("bakery.example"),
  broken: check("two-spf.example", { ip: "11.22.33.44" }),
};

/// One fault of each layer: an answer that says so, no connection, no message, a part of one. What is asked again and
/// concluded does not depend on more; that each outcome is held against every conclusion is done natively (native/faults.rs).
const LAYERS = [...SILENT, ...ENDLESS].filter(([fault]) => ["servfail", "drop", "malformed", "truncated"].includes(fault));

/// Answers that are not true.
const LYING = [["nxdomain"], ["no-data"], ["no-txt"], ["no-mx"], ["rewritten"], ["rewritten-missing"]];

const { chain, resolvers } = file("data/resolvers.json");
const FIRST = new URL(resolvers.find(({ id }) => id === chain[0]).url).hostname;

const headline = (page) => page.locator(".summary-line").getAttribute("data-headline");
const isConclusion = (line) => / (stops|improve|pass) /.test(line);

beforeEach(() => front.reset());

/// Checks again under these rules, and tells how long it took and how much was asked.
async function again(t, page, rules) {
  await front.reset(rules);
  const start = performance.now();
  await runs(page, () => button(page, "ui.again").click());
  const took = Math.round(performance.now() - start);
  t.diagnostic(`${t.name}: ${took} ms, ${(await front.log()).length} requests`);
}

/// Of lists and records nothing is known, and the reason stands there.
async function saysWhy(page, words) {
  const { 1: lists, 4: dns } = await verdicts(page);
  assert.deepEqual([lists, dns], ["unknown", "unknown"]);
  assert.ok((await page.locator("main").textContent()).includes(words), `not said: ${words}`);
}

/// Where the fault has gone, what was not answered is asked again, and nothing of it is left.
async function mends(page, healthy) {
  await front.rules({ all: "ok" });
  const retry = button(page, "ui.retry.all").first();
  if (await retry.isVisible()) await runs(page, () => retry.click());
  assert.deepEqual(await said(page), healthy, "something of it is left");
}

for (const [kind, hash] of Object.entries(DOMAINS)) {
  describe(`a ${kind} domain`, () => {
    for (const [part, faults] of [
      ["fails", kind === "healthy" ? [...SILENT, ...ENDLESS] : LAYERS],
      ["lies", LYING],
    ]) {
      test(`every resolver ${part} in the same way, and trying again mends it`, async (t) => {
        const page = await openPage(t, hash, { allow: failedRequests });
        await finished(page);
        const healthy = await said(page);
        for (const [fault, key, status] of faults) {
          await t.test(fault, async (t) => {
            await again(t, page, { all: fault });
            const found = await said(page);
            const concluded = found.filter((line) => isConclusion(line) && !healthy.includes(line));
            assert.deepEqual(concluded, [], "concluded from nothing");
            assert.equal(await headline(page), key ? "nothing-checked" : "resolver-untruthful");
            if (key) await saysWhy(page, say(key, { status }));
            if (kind === "healthy" && LAYERS.some(([layer]) => layer === fault)) await mends(page, healthy);
          });
        }
        await mends(page, healthy);
      });
    }

    test("only the first resolver lies: another one is asked", async (t) => {
      const page = await openPage(t, hash, { allow: failedRequests });
      await finished(page);
      const [healthy, verdict] = [await said(page), await headline(page)];
      for (const [fault] of LYING) {
        await t.test(fault, async (t) => {
          await again(t, page, { hosts: { [FIRST]: fault } });
          assert.deepEqual(await said(page), healthy);
          assert.equal(await headline(page), verdict);
        });
      }
    });
  });
}

test("name servers that do not answer are called so", async (t) => {
  const page = await openPage(t, check("servfail.example"), { allow: failedRequests });
  await finished(page);
  assert.equal(await headline(page), "name-servers-do-not-answer");
});

test("records are put together and tried only where the user may have some", async (t) => {
  const page = await openPage(t);
  for (const [target, wanted] of [
    ["two-spf.example", true],
    ["no-such-domain.example", false],
    ["gmail.com", false],
  ]) {
    await t.test(target, async () => {
      await page.goto(page.url().split("#")[0] + check(target));
      await page.locator(".asked-line").getByText(target, { exact: true }).waitFor();
      await finished(page);
      const links = page.locator('[data-step="4"] a[href^="#/build/"]');
      assert.deepEqual([(await links.count()) > 0, (await page.locator("#try").count()) > 0], [wanted, wanted]);
    });
  }
});

test("each verdict of the local DNS has its headline", async (t) => {
  const page = await openPage(t);
  for (const [target, wanted] of [
    ["parked.example", "sends-no-mail"],
    ["says-no-mail.example", "nobody-may-send"],
    ["gmail.com", "not-your-records"],
    ["hans@gmail.com", "not-your-records"],
    ["no-such-domain.example", "domain-does-not-exist"],
    ["two-spf.example", "stops-mail"],
  ]) {
    await t.test(target, async () => {
      await page.goto(page.url().split("#")[0] + check(target));
      await page.locator(`.summary-line[data-headline="${wanted}"]`).waitFor();
      await finished(page);
    });
  }
});
