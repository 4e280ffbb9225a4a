// The page loads, is quiet, and asks nothing before it is told to.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { assertAccessible, front, openPage } from "./lib/harness.mjs";

beforeEach(() => front.reset());

for (const scheme of ["light", "dark"]) {
  for (const lang of ["en", "zh-TW"]) {
    test(`the first view is quiet and accessible: ${lang}, ${scheme}`, async (t) => {
      const page = await openPage(t, "", { lang, scheme, axe: true });
      assert.equal(await page.locator("html").getAttribute("lang"), lang === "en" ? "en" : "zh-Hant");
      await assertAccessible(page);
      assert.deepEqual(await front.log(), []);
    });
  }
}

test("without JavaScript the five steps can be read", async (t) => {
  const page = await openPage(t, "", { script: false });
  assert.equal(await page.locator("ol.steps > li").count(), 5);
  assert.equal(await page.getByRole("heading", { level: 1 }).first().isVisible(), true);
});

test("nothing scrolls sideways at 320 px", async (t) => {
  const page = await openPage(t, "", { width: 320, height: 640 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 320, `${width} px wide`);
});
