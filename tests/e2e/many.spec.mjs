// Many domains at once: a list becomes a table, and each row opens as its report without asking again.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { assertAccessible, finished, front, openPage } from "./lib/harness.mjs";
import { button, failedRequests, isList, say, texts, until } from "./lib/page.mjs";

beforeEach(() => front.reset());

const LIST = ["bookshop.example", "two-spf.example", "no-spf.example", "nowhere-at-all.example", "choir.example"];

const rows = (page) =>
  page.locator(".many-rows tbody tr").evaluateAll((rows) => rows.map(({ dataset }) => [dataset.domain, dataset.stage]));

/// Waits until so many domains are done.
const done = (page, n) =>
  until(page, (n) => document.querySelector("[data-many]")?.dataset.many.startsWith(`${n}/`), n);

async function begin(page, text, lang = "en") {
  await page.locator("#many-list").fill(text);
  await button(page, "many.start", {}, lang).press("Enter");
}

const names = async (page) => (await rows(page)).map(([name]) => name);

for (const lang of ["en", "zh-Hant"]) {
  test(`a list becomes a table: ${lang}`, async (t) => {
    const page = await openPage(t, `#/many?lang=${lang}`, { axe: true });
    await begin(page, `Domain,Owner\n${LIST.map((name) => `"${name}",somebody`).join("\n")}\nx..y,z\n`, lang);
    assert.deepEqual(await names(page), LIST);
    assert.ok((await page.locator(".many-form [role=status]").innerText()).includes("x..y"));
    await done(page, LIST.length);
    assert.deepEqual((await front.log()).filter(isList), [], "lists are asked only where somebody wants that");
    await assertAccessible(page, { where: ".many", both: true });
    const state = (domain, column) => page.locator(`tr[data-domain="${domain}"] td`).nth(column).innerText();
    assert.equal(await state("two-spf.example", 1), texts[lang]["ui.verdict.problem"]);
    assert.equal(await state("nowhere-at-all.example", 0), texts[lang]["many.headline.domain-does-not-exist"]);
  });
}

test("sorted, filtered, opened as a report without asking again, and back after a reload", async (t) => {
  const page = await openPage(t, "#/many");
  await begin(page, LIST.join("\n"));
  await done(page, LIST.length);
  await button(page, "many.col.domain").press("Enter");
  assert.deepEqual(await names(page), [...LIST].sort());
  await button(page, "many.col.domain").press("Enter");
  assert.deepEqual(await names(page), [...LIST].sort().reverse());
  await page.getByLabel(say("many.find"), { exact: true }).fill("spf");
  assert.deepEqual(await names(page), ["two-spf.example", "no-spf.example"]);
  const asked = (await front.log()).length;
  await page.reload();
  await done(page, LIST.length);
  await page.locator('tr[data-domain="two-spf.example"] a').press("Enter");
  await finished(page);
  await page.locator('[data-code="SPF-030"]').first().waitFor({ state: "attached" });
  assert.equal((await front.log()).length, asked, "nobody is asked again");
  await page.goBack();
  await done(page, LIST.length);
});

test("stopped, gone on with after a reload, and removed", async (t) => {
  const page = await openPage(t, "#/many", { allow: failedRequests });
  await front.rules({ names: { "choir.example": "hold" } });
  await begin(page, LIST.join("\n"));
  await done(page, LIST.length - 1);
  await button(page, "ui.stop").press("Enter");
  await front.rules({});
  await front.release();
  await page.reload();
  await done(page, LIST.length - 1);
  await button(page, "many.go-on").press("Enter");
  await done(page, LIST.length);
  const saved = page.waitForEvent("download");
  await button(page, "many.csv").press("Enter");
  assert.equal((await saved).suggestedFilename(), "mail-triage.csv");
  await button(page, "many.forget").press("Enter");
  await page.reload();
  await page.locator("#many-list").waitFor();
  assert.equal(await page.locator(".many-rows").count(), 0);
});

test("the chunk for all this cannot be had: the page says so, and tries again", async (t) => {
  const held = "**/*_tools.wasm";
  const page = await openPage(t, "#/many", {
    allow: failedRequests,
    opened: (page) => page.route(held, (route) => route.abort()),
  });
  const alert = page.getByRole("alert").filter({ hasText: say("ui.error.files") });
  await alert.first().waitFor();
  await page.unroute(held);
  await button(page, "ui.retry").first().click();
  await page.locator("#many-list").waitFor();
  assert.equal(await alert.count(), 0);
});
