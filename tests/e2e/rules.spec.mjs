// What large receivers require of senders: the table is fed by the checks, and never says more than they do.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { assertAccessible, check, finished, front, openPage } from "./lib/harness.mjs";
import { onePage, say, visible } from "./lib/page.mjs";

beforeEach(() => front.reset());

const visit = onePage();

/// Opens a check with the table unfolded; in a page of its own where options are given.
async function table(t, target, parameters, options) {
  const hash = check(target, parameters);
  const page = options ? await openPage(t, hash, options) : await visit(t, hash);
  await finished(page);
  await page.locator("#step-4 > details").evaluate((step) => (step.open = true));
  const fold = page.locator("#rules");
  if (!(await fold.evaluate(({ open }) => open))) await fold.locator("> summary").click();
  return page;
}

/// The status of each rule, by its name.
const statuses = (page) =>
  page
    .locator("#rules [data-rule]")
    .evaluateAll((all) => Object.fromEntries(all.map(({ dataset }) => [dataset.rule, dataset.status])));

/// How many lines have a status, from the line that counts them.
async function counted(page, status, lang = "en") {
  const line = await page.locator("#rules > summary").innerText();
  const all = Object.values(await statuses(page)).filter((one) => one === status).length;
  const key = all === 1 && lang === "en" ? "one" : "other";
  return all === 0 || line.includes(say(`rules.count.${status}.${key}`, { n: all }, lang));
}

test("each line says where the domain stands, and the fold counts them", async (t) => {
  const page = await table(t, "bakery.example", { ip: "209.85.220.41" });
  const found = await statuses(page);
  for (const rule of ["spf-or-dkim", "spf", "dmarc", "reverse-name", "gmail-from"]) {
    assert.equal(found[rule], "met", rule);
  }
  for (const rule of ["tls", "spam-rate", "format", "alignment", "one-click", "two-days"]) {
    assert.equal(found[rule], "only-you", rule);
  }
  for (const status of ["met", "not-met", "unknown", "only-you"]) {
    assert.ok(await counted(page, status), status);
  }
  const links = await page.locator("#rules .ask-by a").evaluateAll((all) => all.map((a) => a.href));
  assert.ok(links.length > 25 && links.every((href) => href.startsWith("https://")));
});

test("what is missing is not met, and the line leads to what to do", async (t) => {
  const page = await table(t, "no-spf.example", {});
  const found = await statuses(page);
  assert.deepEqual(
    ["spf-or-dkim", "spf", "dkim", "dmarc"].map((rule) => found[rule]),
    ["not-met", "not-met", "not-met", "not-met"],
  );
  assert.equal(found["reverse-name"], "unknown");
  await page.locator("#rules tr:has([data-rule=dmarc]) td a").first().click();
  const open = page.locator("details[data-code=DMA-010][open]");
  await open.waitFor();
  assert.ok(await open.locator("summary").first().evaluate((summary) => summary === document.activeElement));
});

test("what could not be looked up is never met", async (t) => {
  await front.reset({
    names: { "bakery.example": "servfail", "_dmarc.bakery.example": "servfail" },
  });
  // The browser of the other tests may remember what this one is to fail at.
  const page = await table(t, "bakery.example", { ip: "209.85.220.41" }, {});
  const found = await statuses(page);
  assert.deepEqual([found.spf, found.dmarc], ["unknown", "unknown"]);
});

test("a domain that sends nothing, or does not exist, sees no rules for senders", async (t) => {
  for (const target of ["parked.example", "does-not-exist.example"]) {
    const page = await visit(t, check(target));
    await finished(page);
    assert.equal(await page.locator("#rules").count(), 0, target);
  }
});

for (const [lang, scheme] of [
  ["en", "light"],
  ["zh-Hant", "dark"],
]) {
  test(`on a phone each rule is a card, in ${lang}`, async (t) => {
    const page = await table(t, "no-spf.example", {}, { lang, scheme, width: 320, axe: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 320, `${wide} px wide`);
    const text = await visible(page, "#rules");
    assert.ok(text.includes(say("rules.dmarc.title", {}, lang)));
    assert.ok(await counted(page, "not-met", lang));
    await assertAccessible(page, { where: "#rules" });
  });
}
