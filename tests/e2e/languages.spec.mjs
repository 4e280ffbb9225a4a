// Both languages, whole: no key, no gap, and no sentence of the other one.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { check, finished, front, openPage } from "./lib/harness.mjs";
import { failedRequests, file, go, setting, texts, unfold } from "./lib/page.mjs";

before(() => front.reset());

const roots = [...new Set(Object.keys(texts.en).map((key) => key.split(".")[0]))].join("|");
/// A key that nobody has a text for stands on the page as it is.
const KEY = new RegExp(`(?<![\\w@/.-])(?:${roots})\\.[\\w-]+(?:\\.[\\w-]+)*`, "g");
const known = new Set(Object.keys(texts.en));
const stems = new Set(
  [...known].flatMap((key) => key.split(".").map((_, n, parts) => parts.slice(0, n + 1).join("."))),
);
const PLACEHOLDER = /\{[a-z_]+\}/i;
/// Four words in a row of letters a to z.
const ENGLISH = /[A-Za-z’']{2,}(?:[ ,]+[A-Za-z’']{2,}){3,}/;

/// What stands on the page for people to read: texts, labels, hints. Records, commands and proper names are not
/// translated: they stand in `code`, in options of a choice, or next to a source. What is shown when the program has ended
/// (ended.spec), or when there is a new version of it (kept.spec), stands there in every language, hidden.
const words = (page) =>
  page.evaluate(() => {
    const out = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.parentElement;
      if (at.closest("code, script, style, noscript, .record, option, .ended, .update") || !node.data.trim()) continue;
      out.push({
        text: node.data.trim(),
        where: at.outerHTML.slice(0, 120),
        cell: at.closest("td, th") !== null,
      });
    }
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
      for (const element of document.querySelectorAll(`body [${name}]`)) {
        out.push({ text: element.getAttribute(name), where: element.outerHTML.slice(0, 120), cell: false });
      }
    }
    out.push({ text: document.title, where: "title", cell: false });
    return out;
  });

/// Names that stand in the data: providers, lists, plans, operators.
const names = (value) =>
  typeof value === "string"
    ? [value]
    : value && typeof value === "object"
      ? Object.values(value).flatMap(names)
      : [];
const proper = new Set(
  ["providers", "blocklists", "resolvers"].flatMap((name) => names(file(`data/${name}.json`))),
);

const VIEWS = [
  ["the question", ""],
  ["a problem", check("listed-shop.example", { ip: "11.22.33.44" })],
  ["a healthy domain with a provider", check("bakery.example", { ip: "209.85.220.41" })],
  ["servers that do not answer", check("servfail.example")],
  ["a domain that is not there", check("does-not-exist.example")],
  ["what cannot be read", "#/check/no%20domain%21?ip=x"],
  ["a question about a resolver", "#/?resolver=https://dns.example/dns-query"],
  ["an example", "#/example/broken"],
];

describe("every text of every view", { concurrency: 2 }, () => {
  for (const lang of ["en", "zh-Hant"]) {
    test(lang, async (t) => {
      const page = await openPage(t, "", { lang: lang === "en" ? "en" : "zh-TW", allow: failedRequests });
      for (const [view, hash] of VIEWS) {
        if (hash) await go(page, hash);
        if (/#\/(check\/[^?]*\.|example)/.test(hash)) await finished(page);
        else await page.locator('[data-state="idle"]').waitFor({ state: "attached" });
        await page.locator(`html[lang="${lang}"]`).waitFor();
        await unfold(page);
        for (const { text, where } of await words(page)) {
          const keys = (text.match(KEY) ?? []).filter(
            (key) => stems.has(key) || !/\.(com|org|net|example|de|me)$/.test(key),
          );
          assert.deepEqual(keys, [], `${view}: a key in ${where}`);
          assert.equal(PLACEHOLDER.test(text), false, `${view}: an empty place in “${text}”`);
          if (lang === "en") assert.equal(/\p{Script=Han}/u.test(text), false, `${view}: ${where}`);
          else if (!proper.has(text)) {
            const rest = [...proper]
              .filter((name) => name.includes(" "))
              .reduce((all, name) => all.replaceAll(name, ""), text);
            assert.equal(ENGLISH.test(rest), false, `${view}: “${text}” in ${where}`);
          }
        }
      }
    });
  }
});

test("the choice of a language stays: in the document, the link and this browser", async (t) => {
  const page = await openPage(t, check("selfhosted.example"));
  await finished(page);
  const asked = (await front.log()).length;
  await (await setting(page, "langs")).selectOption("zh-Hant");
  await page.locator("html[lang=zh-Hant]").waitFor();
  assert.ok((await page.locator("h1").innerText()) === texts["zh-Hant"]["static.title"]);
  assert.equal(await page.locator('[data-state="done"]').count(), 1, "the result is gone");
  assert.equal((await front.log()).length, asked, "asked again for a language");
  assert.ok(page.url().includes("lang=zh-Hant"));
  assert.equal(await page.evaluate(() => localStorage["mail-triage.lang"]), "zh-Hant");
  await go(page, "#/");
  await page.locator('[data-state="idle"]').waitFor({ state: "attached" });
  await page.reload();
  await page.locator("[data-state]").first().waitFor({ state: "attached" });
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-Hant");
  assert.equal(await page.locator("h1").innerText(), texts["zh-Hant"]["static.title"]);
});

test("the browser's languages decide where nobody has chosen", async (t) => {
  for (const [locale, lang] of [
    ["zh-Hant-HK", "zh-Hant"],
    ["de-DE", "en"],
  ]) {
    const page = await openPage(t, "", { lang: locale });
    assert.equal(await page.locator("html").getAttribute("lang"), lang, locale);
  }
});
