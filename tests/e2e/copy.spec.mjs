// What can be copied is copied whole and exactly.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { check, finished, front, openPage } from "./lib/harness.mjs";
import { choose, clipboard, onePage, say, unfold, until } from "./lib/page.mjs";

before(() => front.reset());

const LISTED = check("listed-shop.example", { ip: "11.22.33.44" });
const visit = onePage();

test("every record and command has a button that copies it, and it alone", async (t) => {
  const page = await visit(t, LISTED);
  await finished(page);
  await unfold(page);
  const records = await page.locator(".record").all();
  assert.ok(records.length > 10);
  const bare = await page
    .locator(".record")
    .evaluateAll((all) => all.filter((one) => !one.querySelector("button")).length);
  assert.equal(bare, 0, "records without a button");
  // Of each kind some: a record from the DNS, commands of several lines, a letter.
  const texts = await page
    .locator(".record")
    .evaluateAll((all) => all.map((one) => one.querySelector("code").textContent));
  const pick = (condition) => texts.findIndex(condition);
  const chosen = [
    pick((text) => text.startsWith("<script>alert(1)</script>")),
    pick((text) => text.startsWith("dig ") && text.includes("\n")),
    pick((text) => text.includes("listed-shop.example") && text.length > 200),
  ];
  for (const index of chosen) {
    assert.notEqual(index, -1, `no such record: ${chosen}`);
    await records[index].getByRole("button").click();
    await records[index].getByRole("button", { name: say("ui.copy.done"), exact: true }).waitFor();
    assert.equal(await clipboard(page), texts[index]);
    await page.getByRole("status").getByText(say("ui.copied")).waitFor({ state: "attached" });
  }
  assert.ok(texts[chosen[0]].includes('"javascript:alert(2)"'), texts[chosen[0]]);
});

test("that something was copied is said as long after the second time as after the first", async (t) => {
  const page = await openPage(t, LISTED);
  await finished(page);
  await unfold(page);
  const records = page.locator("#step-4 .record");
  const copy = async (index) => {
    await records.nth(index).getByRole("button").click();
    await records.nth(index).getByRole("button", { name: say("ui.copy.done"), exact: true }).waitFor();
  };
  const texts = await records.locator("code").allTextContents();
  const other = texts.findIndex((text) => text !== texts[0]);
  const done = () => page.getByRole("button", { name: say("ui.copy.done"), exact: true }).count();
  await page.clock.install();
  await copy(0);
  await page.clock.runFor(3_500);
  await copy(other);
  await page.clock.runFor(1_000);
  assert.ok((await done()) > 0, "gone with the first");
  await page.clock.runFor(3_000);
  const gone = (text) => ![...document.querySelectorAll(".copy")].some((one) => one.textContent === text);
  await until(page, gone, say("ui.copy.done"));
});

test("the report as text says what the page says", async (t) => {
  // A page of its own, which has not said yet that something was copied.
  const page = await openPage(t, LISTED);
  await finished(page);
  await choose(page, "ui.copy.report");
  await page.getByRole("status").getByText(say("ui.copied")).waitFor({ state: "attached" });
  const report = await clipboard(page);
  const causes = await page.locator(".causes .cause-title").allInnerTexts();
  assert.ok(causes.length > 0);
  assert.deepEqual(
    causes.filter((cause) => !report.includes(cause)),
    [],
  );
  const shown = await page
    .locator("details.finding[data-code]")
    .evaluateAll((all) =>
      all.map((one) => [one.dataset.code, one.querySelector(".finding-title").textContent]),
    );
  assert.deepEqual(
    shown.filter(([code, title]) => !report.includes(`${title} (${code})`)),
    [],
  );
  assert.ok(report.includes("listed-shop.example"));
  for (let step = 1; step <= 5; step += 1) assert.ok(report.includes(say(`step.${step}.title`)));
  assert.equal(
    /\b(ui|finding|failure|list)\.[a-z]+\.?[a-z]*\b(?!\.)/.test(report.split("\n").slice(0, 3).join()),
    false,
  );
});

test("on paper there is the result, unfolded and without buttons", async (t) => {
  const page = await visit(t, LISTED);
  await finished(page);
  await page.emulateMedia({ media: "print" });
  for (const gone of ["form.ask", ".head-tools", ".actions", ".copy", "details.log"]) {
    assert.equal(await page.locator(gone).first().isVisible(), false, gone);
  }
  assert.ok(await page.locator(".summary-line").isVisible());
  const why = page.locator("details.finding[data-level=stops] .finding-body p").first();
  assert.ok(await why.isVisible(), "folds are closed on paper");
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => (window.print = () => (window.printed = true)));
  await choose(page, "ui.print");
  assert.equal(await page.evaluate(() => window.printed), true);
});
