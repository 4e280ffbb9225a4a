// Checks of earlier visits, kept in this browser: opened, compared, deleted, bounded, and none where they are not wanted.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { assertAccessible, check, codes, finished, front, openPage } from "./lib/harness.mjs";
import { button, choose, go, said, say, until } from "./lib/page.mjs";

beforeEach(() => front.reset());

const KEPT = "mail-triage.past";
const OFF = "mail-triage.past.off";
const DMARC = "_dmarc.bakery.example";

const rows = (page) => page.locator(".past-list > li");
const kept = (page, n) =>
  until(page, ([key, n]) => (localStorage[key] ?? "").split("\n").filter(Boolean).length === n, [KEPT, n]);

/// Checks a domain, and waits until that is kept as the last of `n`.
async function checked(page, domain, n) {
  await go(page, check(domain));
  await finished(page);
  await kept(page, n);
}

for (const lang of ["en", "zh-Hant"]) {
  test(`is opened in a later visit, and nobody is asked, in ${lang}`, async (t) => {
    const page = await openPage(t, check("two-spf.example", { lang }), { lang, axe: true, width: 360, height: 740 });
    await finished(page);
    await kept(page, 1);
    const before = [await codes(page), await said(page)];
    await front.reset();
    const [start] = page.url().split("#");
    await page.goto("about:blank");
    await page.goto(start);
    await button(page, "ui.past", {}, lang).click();
    await rows(page).first().waitFor();
    assert.equal(await rows(page).count(), 1);
    const row = await rows(page).first().innerText();
    assert.ok(row.includes("two-spf.example") && !/\{\w+\}|headline\./.test(row), row);
    await assertAccessible(page, { where: "#sharing", both: true });
    await rows(page).first().getByRole("link").click();
    await until(page, () => location.hash.startsWith("#/seen/"));
    await finished(page);
    assert.deepEqual([await codes(page), await said(page)], before);
    assert.equal((await front.log()).filter(({ name }) => name.includes("two-spf")).length, 0);
    // What was seen once is not kept a second time.
    await kept(page, 1);
  });
}

test("two of one domain are compared", async (t) => {
  await front.reset({ names: { [DMARC]: "nxdomain" } });
  const page = await openPage(t, check("bakery.example"), { axe: true });
  await finished(page);
  await kept(page, 1);
  await front.rules({ names: {} });
  await button(page, "ui.again").click();
  await finished(page);
  await kept(page, 2);
  await checked(page, "two-spf.example", 3);
  await choose(page, "ui.past");
  const picks = rows(page).locator("input[type=checkbox]");
  await picks.nth(0).check();
  await picks.nth(1).check();
  assert.equal(await page.locator("#past-compared").count(), 0, "of two domains");
  await picks.nth(0).uncheck();
  await picks.nth(2).check();
  const compared = page.locator("#past-compared");
  await compared.locator('li[data-since="mended"]').first().waitFor();
  assert.ok((await compared.innerText()).includes(say("since.mended")));
  await assertAccessible(page, { where: "#sharing" });
});

test("one is deleted, then all", async (t) => {
  const page = await openPage(t, check("bakery.example"));
  await finished(page);
  await kept(page, 1);
  await checked(page, "two-spf.example", 2);
  await choose(page, "ui.past");
  await rows(page).first().locator("button").click();
  await kept(page, 1);
  assert.ok((await rows(page).innerText()).includes("bakery.example"));
  await button(page, "past.delete.all").click();
  await page.getByText(say("past.none"), { exact: true }).waitFor();
  assert.equal(await page.evaluate((key) => localStorage[key], KEPT), undefined);
});

test("none is kept where the user does not want it", async (t) => {
  const page = await openPage(t, check("bakery.example"));
  await finished(page);
  await kept(page, 1);
  await choose(page, "ui.past");
  await page.getByRole("checkbox", { name: say("past.keep"), exact: true }).uncheck();
  assert.equal(await page.evaluate((key) => localStorage[key], OFF), "1");
  await go(page, check("two-spf.example"));
  await finished(page);
  // Timers of a page come in the order of their ends: behind this one, what the page itself puts off has been done.
  await page.evaluate(() => new Promise((done) => setTimeout(done, 1_000)));
  await page.getByRole("checkbox", { name: say("past.keep"), exact: true }).check();
  await checked(page, "selfhosted.example", 2);
  const text = await page.evaluate((key) => localStorage[key], KEPT);
  assert.ok(!text.includes("two-spf.example"), text);
});

test("what is kept has bounds, and what is damaged is left out", async (t) => {
  const line = (at) => `${at} old-${at}.example stops-mail 1 0 q1Yq`;
  const text = ["nonsense", ...Array.from({ length: 60 }, (_, at) => line(at + 1))].join("\n");
  const page = await openPage(t, "", { storage: { [KEPT]: text } });
  await button(page, "ui.past").click();
  await rows(page).first().waitFor();
  assert.equal(await rows(page).count(), 50);
  // It cannot be read any more, and a sentence says so.
  await rows(page).first().getByRole("link").click();
  await page.getByText(say("ui.error.seen"), { exact: true }).first().waitFor();
});

test("a browser that keeps nothing is said to do so, and checks go on", async (t) => {
  const page = await openPage(t, check("bakery.example"), {
    opened: (page) =>
      page.addInitScript(() => {
        for (const name of ["setItem", "removeItem"]) {
          Storage.prototype[name] = () => {
            throw new DOMException("no", "QuotaExceededError");
          };
        }
      }),
  });
  await finished(page);
  await choose(page, "ui.past");
  await page.getByText(say("past.none"), { exact: true }).waitFor();
  await page.getByRole("checkbox", { name: say("past.keep"), exact: true }).click();
  await page.getByText(say("past.refused"), { exact: true }).waitFor();
});
