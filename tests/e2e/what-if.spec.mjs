// Records are changed to see what would become of it, before anything is published.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { assertAccessible, check, finished, front, openPage } from "./lib/harness.mjs";
import { button, clipboard, say, texts, until } from "./lib/page.mjs";

beforeEach(() => front.reset());

const fold = (page) => page.locator("#try");

/// Opens the panel, once the check has come to its end.
async function opened(page) {
  await finished(page);
  await fold(page).locator("summary").first().press("Enter");
  await fold(page).locator(".try-body").waitFor();
  return fold(page);
}

/// Waits until so many record sets are changed and everything about them is known.
const tried = (page, changes) =>
  until(
    page,
    (changes) => {
      const body = document.querySelector(".try-body");
      return body?.dataset.changes === String(changes) && body.dataset.try === "done";
    },
    changes,
  );

/// What became of causes: `mended` and `new` to how many.
async function became(page) {
  const rows = await fold(page)
    .locator(".since li")
    .evaluateAll((rows) => rows.map(({ dataset }) => dataset.since));
  return { mended: rows.filter((row) => row === "mended").length, new: rows.filter((row) => row === "new").length };
}

const value = (page, text) => fold(page).locator(`.try-records input[value="${text.replaceAll('"', '\\"')}"]`);

for (const lang of ["en", "zh-Hant"]) {
  test(`an example is mended by what is proposed for it: ${lang}`, async (t) => {
    const page = await openPage(t, `#/example/broken?lang=${lang}`, { axe: true });
    const panel = await opened(page);
    const proposals = panel.locator(".try-proposed button");
    const count = await proposals.count();
    assert.ok(count > 1);
    for (let at = 0; at < count; at++) await proposals.nth(at).press("Enter");
    await until(page, () => Number(document.querySelector(".try-body").dataset.changes) > 1);
    const found = await became(page);
    assert.ok(found.mended >= 2, JSON.stringify(found));
    await assertAccessible(page, { where: "#try", both: true });
    await button(page, "try.reset", {}, lang).press("Enter");
    await tried(page, 0);
    assert.ok((await panel.innerText()).includes(texts[lang]["try.nothing"]));
    await button(page, "try.undo", {}, lang).press("Enter");
    await until(page, () => Number(document.querySelector(".try-body").dataset.changes) > 1);
    assert.deepEqual(await became(page), found);
    assert.deepEqual(await front.log(), []);
  });
}

test("two records become one: what that leads to is looked up, and a link holds it", async (t) => {
  const page = await openPage(t, check("two-spf.example"));
  const panel = await opened(page);
  const spf = panel.locator('.try-records input[aria-label*="two-spf.example TXT"]');
  assert.equal(await spf.count(), 2);
  const one = "v=spf1 include:_spf.google.com include:sendgrid.net include:spf.brevo.com ~all";
  await spf.first().fill(one);
  await panel.locator('.try-records li:has(input[aria-label*="two-spf.example TXT"])').nth(1).getByRole("button").click();
  await tried(page, 1);
  assert.ok((await became(page)).mended > 0);
  const log = await front.log();
  assert.ok(log.some(({ name }) => name === "spf.brevo.com"), "what nobody had asked before is asked");
  assert.ok(log.some(({ name }) => name === "sendgrid.net"));
  const words = await panel.locator(".try-result").innerText();
  assert.ok(words.includes("include:spf.brevo.com"));

  await button(page, "try.copy.text").click();
  await until(page, () => navigator.clipboard.readText().then((text) => text.includes("include:spf.brevo.com")));
  await button(page, "try.copy.link").click();
  await until(page, () => navigator.clipboard.readText().then((text) => text.includes("try=")));
  const link = await clipboard(page);

  const other = await openPage(t, new URL(link).hash);
  await finished(other);
  await tried(other, 1);
  assert.deepEqual(await became(other), await became(page));
  const warned = (page) => fold(page).getByText(say("try.publish.link"), { exact: true }).count();
  assert.deepEqual([await warned(page), await warned(other)], [0, 1], "whose changes they are");
  assert.equal(await fold(other).locator(".try-records > li[data-state=gone]").count(), 1);
});

test("what cannot be read is named at its field and changes nothing", async (t) => {
  const page = await openPage(t, "#/example/healthy", { axe: true });
  const panel = await opened(page);
  await button(page, "try.add").press("Enter");
  await until(page, () => document.activeElement?.id === "try-new");
  await page.keyboard.type(".x");
  const added = panel.locator('.try-records > li[data-state="new"]');
  await added.locator("select").selectOption("MX");
  await added.locator("input").nth(1).fill("mail.example.org");
  await added.getByText(say("try.fault.value")).waitFor();
  assert.equal(await panel.locator(".try-body").getAttribute("data-changes"), "0");
  await added.locator("input").nth(1).fill("10 mail.example.org");
  await tried(page, 1);
  await assertAccessible(page, { where: "#try" });
});

test("what would stop mail is not asked for without a warning", async (t) => {
  const page = await openPage(t, "#/example/healthy");
  const panel = await opened(page);
  const warning = panel.getByText(say("try.publish.stops"), { exact: true });
  await button(page, "try.add").press("Enter");
  const added = panel.locator('.try-records > li[data-state="new"]');
  await added.locator("select").selectOption("TXT");
  await added.locator("input").nth(1).fill("hello");
  await tried(page, 1);
  assert.equal(await warning.count(), 0);
  await added.locator("input").nth(1).fill("v=spf1 -all");
  await warning.waitFor();
});
