// The printed sheet: what was found, whole, with date and link, and nothing else.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

import { FIREFOX, startFirefox } from "./lib/firefox.mjs";
import { check, finished, front, openPage, pageUrl } from "./lib/harness.mjs";
import { say, texts } from "./lib/page.mjs";

/// Fewer characters than that on a page are as good as none.
const FEW = 80;

beforeEach(() => front.reset());

/// The text of each page of a printed sheet, blanks left out: where lines break does not matter.
async function pagesOf(octets) {
  const data = new Uint8Array(octets);
  const pdf = await getDocument({ data, verbosity: 0, useSystemFonts: true }).promise;
  const pages = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const sheet = await pdf.getPage(number);
    // The fonts are read with what is drawn; without them there are no characters.
    await sheet.getOperatorList();
    const { items } = await sheet.getTextContent();
    pages.push(items.map(({ str }) => str).join("").replace(/\s+/g, ""));
  }
  await pdf.destroy();
  return pages;
}

const printed = async (page) => pagesOf(await page.pdf({ format: "A4" }));
const bare = (text) => text.replace(/\s+/g, "");
/// What gives advice, and is not what was found.
const ADVICE = ["before.title", "guide.1.vpn.title", "step.2.intro", "static.label", "ui.guided"];

/// Each problem stands on at most so many pages, none of them blank, and no advice does.
function assertSheet(pages, titles, most, lang) {
  assert.deepEqual(pages.filter((text) => text.length < FEW), [], "a page is blank");
  assert.ok(pages.length <= most, `${pages.length} pages`);
  const text = pages.join("");
  for (const title of titles) assert.ok(text.includes(bare(title)), `${title} stands there folded`);
  for (const key of ADVICE) assert.equal(text.includes(bare(texts[lang][key])), false, `${key}: ${say(key, {}, lang)}`);
}

const openFolds = (page) => page.locator("details[open]").count();

for (const [lang, locale] of [
  ["en", "en"],
  ["zh-Hant", "zh-TW"],
]) {
  for (const [domain, parameters, most] of [
    ["too-many-lookups.example", {}, 2],
    ["listed-shop.example", { ip: "11.22.33.44" }, 2],
    ["selfhosted.example", { ip: "11.22.33.10" }, 2],
  ]) {
    test(`no blank page, date and link, and only what was found: ${domain}, ${lang}`, async (t) => {
      const page = await openPage(t, check(domain, parameters), { lang: locale, width: 1280 });
      await finished(page);
      const open = await openFolds(page);
      // Of a cause that is several findings each stands there.
      const problems = page.locator("details.finding:is([data-level=stops], [data-level=improve]) > summary .finding-title");
      const titles = await problems.allInnerTexts();
      const pages = await printed(page);
      t.diagnostic(`${pages.length} pages: ${pages.map((text) => text.length).join(" ")}`);
      assertSheet(pages, titles, most, lang);
      assert.ok(pages.join("").includes(bare(`${pageUrl}${check(domain, parameters)}`)), "no link");
      assert.ok(pages[0].includes(String(new Date().getFullYear())), "no date");
      assert.equal(titles.length > 0, domain !== "selfhosted.example");
      // What was folded is folded again.
      assert.equal(await openFolds(page), open);
      assert.equal(await page.locator("[data-printed]").count(), 0);
    });
  }
}

/// The problems of a page, in Firefox.
const PROBLEMS = "details.finding:is([data-level=stops], [data-level=improve]) > summary .finding-title";

for (const lang of ["en", "zh-Hant"]) {
  test(`Firefox prints no blank page and only what was found, in ${lang}`, { skip: !FIREFOX && "there is no Firefox here" }, async (t) => {
    const firefox = await startFirefox(t);
    await firefox.open(`${pageUrl}#/example/broken?lang=${lang}`);
    await firefox.until(() => document.querySelector("[data-state=done] .finding") !== null);
    const open = () => document.querySelectorAll("details[open]").length;
    const before = await firefox.evaluate(open);
    const titles = await firefox.evaluate((problems) => [...document.querySelectorAll(problems)].map(({ innerText }) => innerText), PROBLEMS);
    assert.ok(titles.length > 1);
    const pages = await pagesOf(await firefox.print());
    t.diagnostic(`${pages.length} pages: ${pages.map((text) => text.length).join(" ")}`);
    assertSheet(pages, titles, 3, lang);
    assert.equal(await firefox.evaluate(open), before);
  });
}

test("a printer that asks only by its medium gets the folds open, too", async (t) => {
  const page = await openPage(t, check("too-many-lookups.example"));
  await finished(page);
  const open = await openFolds(page);
  await page.emulateMedia({ media: "print" });
  await page.locator("details.finding[data-printed]").first().waitFor();
  assert.ok(await page.locator(".finding-body").first().isVisible());
  assert.ok(await page.locator(".on-paper").isVisible());
  await page.emulateMedia({ media: "screen" });
  await page.locator("[data-printed]").first().waitFor({ state: "detached" });
  assert.equal(await openFolds(page), open);
  assert.equal(await page.locator(".on-paper").isVisible(), false);
});
