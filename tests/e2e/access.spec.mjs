// No accessibility violation in any view, in both colour schemes.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { assertAccessible, check, finished, front, openPage } from "./lib/harness.mjs";
import { box, button, failedRequests, go, logged, routed, setting, unfold } from "./lib/page.mjs";

beforeEach(() => front.reset());

const accessible = (page) => assertAccessible(page, { both: true });

const LISTED = check("listed-shop.example", { ip: "11.22.33.44" });

describe("axe has nothing to say about", () => {
  test("a running check", async (t) => {
    await front.reset({ names: { "listed-shop.example": "hold" } });
    const page = await openPage(t, LISTED, { axe: true, allow: failedRequests });
    await logged(
      (log) => log.length > 10 && log.every(({ end, name }) => end || name === "listed-shop.example"),
    );
    await page.locator("[data-lookups]").waitFor({ state: "attached" });
    await accessible(page);
  });

  for (const [what, hash, lang] of [
    ["a problem", LISTED, "en"],
    ["a problem", LISTED, "zh-TW"],
    ["a healthy domain", check("bakery.example"), "en"],
  ]) {
    test(`${what} in ${lang}, folded and unfolded`, async (t) => {
      const page = await openPage(t, hash, { axe: true, lang });
      await finished(page);
      // What is folded is the same in every language.
      if (lang === "en") await assertAccessible(page);
      await unfold(page);
      await accessible(page);
    });
  }

  test("failures, notices and panels", async (t) => {
    await front.reset({ all: "drop" });
    const page = await openPage(t, `${check("selfhosted.example")}?ip=x`, {
      axe: true,
      allow: failedRequests,
    });
    await finished(page);
    await unfold(page);
    await (await setting(page, "resolver")).selectOption("?");
    await page.locator("input[name=resolver]").fill("nonsense");
    await button(page, "ui.resolver.try").click();
    await page.getByRole("alert").waitFor();
    await accessible(page);
    await button(page, "ui.cancel").click();
    await go(page, "#/?resolver=https://dns.example/dns-query");
    await button(page, "ui.resolver.use").waitFor();
    await box(page).fill("!");
    await box(page).press("Enter");
    await page.getByRole("alert").waitFor();
    await page.context().setOffline(true);
    await unfold(page);
    await accessible(page);
    await page.context().setOffline(false);
  });

  test("an example", async (t) => {
    const page = await openPage(t, "", { axe: true });
    await routed(page, () => page.locator('a[href="#/example/healthy"]').click());
    await finished(page);
    await unfold(page);
    await accessible(page);
  });
});

test("headings go down by one level at a time, below one first", async (t) => {
  const page = await openPage(t, LISTED);
  await finished(page);
  await unfold(page);
  const levels = await page
    .locator("h1, h2, h3, h4, h5, h6")
    .evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
  assert.equal(levels.filter((level) => level === 1).length, 1);
  assert.equal(levels[0], 1);
  const jumps = levels.filter((level, index) => index > 0 && level > levels[index - 1] + 1);
  assert.deepEqual(jumps, []);
});
