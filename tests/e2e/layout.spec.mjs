// Phones and screens: nothing sideways, nothing too small to hit.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { check, finished, front, openPage } from "./lib/harness.mjs";
import { box, button, go, setting, unfold } from "./lib/page.mjs";

before(() => front.reset());

const LEAST = 24;

/// What sticks out, and what is smaller than a fingertip. Links within a sentence are as high as its lines.
const measure = (least) => {
  const out = [];
  if (document.documentElement.scrollWidth > innerWidth) {
    for (const element of document.querySelectorAll("body *")) {
      const { right, left, width } = element.getBoundingClientRect();
      if (width > 0 && (right > innerWidth + 1 || left < -1) && !element.closest(".scroll, .hide")) {
        out.push(
          `sticks out (${Math.round(left)} to ${Math.round(right)}): ${element.outerHTML.slice(0, 120)}`,
        );
      }
    }
    out.push(`${document.documentElement.scrollWidth} px wide`);
  }
  for (const element of document.querySelectorAll("button, select, input, summary, a[href]")) {
    const { width, height } = element.getBoundingClientRect();
    const inSentence = element.tagName === "A" && getComputedStyle(element).display === "inline";
    if (!element.checkVisibility() || inSentence || (width >= least && height >= least)) continue;
    // Drawn small, it may still take what is pressed around it.
    element.scrollIntoView({ block: "center" });
    const { left, top } = element.getBoundingClientRect();
    const [x, y, half] = [left + width / 2, top + height / 2, least / 2 - 1];
    const hit = [
      [-half, 0],
      [half, 0],
      [0, -half],
      [0, half],
    ].every(([dx, dy]) => document.elementFromPoint(x + dx, y + dy) === element);
    if (!hit) out.push(`${Math.round(width)}x${Math.round(height)}: ${element.outerHTML.slice(0, 120)}`);
  }
  return out.slice(0, 8);
};

for (const width of [320, 360, 1280]) {
  describe(`${width} px`, () => {
    for (const lang of ["en", "zh-TW"]) {
      test(`${lang}: question, result, every fold, panel`, async (t) => {
        const page = await openPage(t, "", { width, height: 700, lang });
        const fits = async (what) => assert.deepEqual(await page.evaluate(measure, LEAST), [], what);
        await fits("the question");
        await button(page, "ui.ask.details", {}, lang === "en" ? "en" : "zh-Hant").click();
        await unfold(page);
        await fits("the question, unfolded");
        await (await setting(page, "resolver")).selectOption("?");
        await page.locator("input[name=resolver]").waitFor();
        await fits("the panel");
        await page.locator(".panel button.quiet").click();
        await box(page).fill(
          "bob@a-very-long-name-that-nobody-would-type-twice.but-it-has-to-fit-on-a-small-phone-too.example",
        );
        await box(page).press("Enter");
        await finished(page);
        await fits("a long name");
        await go(page, check("listed-shop.example", { ip: "11.22.33.44" }));
        await finished(page);
        await fits("a result");
        await unfold(page);
        await fits("a result, unfolded");
      });
    }
  });
}

test("text twice as large still fits", async (t) => {
  const page = await openPage(t, check("listed-shop.example", { ip: "11.22.33.44" }), {
    width: 640,
    height: 700,
  });
  await finished(page);
  await unfold(page);
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("html { font-size: 212.5% !important; }");
    document.adoptedStyleSheets.push(sheet);
  });
  assert.deepEqual(await page.evaluate(measure, LEAST), []);
  assert.ok(await button(page, "ui.again").isVisible());
});
