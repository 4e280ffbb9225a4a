// The pages that explain: valid, accessible, and the way into the live page. That none lacks and no link is dead is tested natively.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { HtmlValidate } from "html-validate";

import { assertAccessible, finished, front, openPage, pageUrl } from "./lib/harness.mjs";
import { button, go, onePage, say, until } from "./lib/page.mjs";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const html = readdirSync(DIST, { recursive: true }).filter((path) => path.endsWith(".html"));

test("the pages of the build are valid HTML", async () => {
  // What the standard asks for; how long a title may be is a matter of taste.
  const rules = { "long-title": "off" };
  const validator = new HtmlValidate({ root: true, extends: ["html-validate:standard"], elements: ["html5"], rules });
  assert.ok(html.length > 700, `${html.length} pages`);
  // The minifier of the build leaves out what may be left out in index.html. Languages differ in words alone: of the others a few.
  const read = html.filter((path) => path !== "index.html" && (!path.includes("/zh-Hant/") || /index|SPF-0|550-5/.test(path)));
  const wrong = [];
  for (const path of read) {
    const report = await validator.validateString(readFileSync(DIST + path, "utf8"));
    for (const { messages } of report.results) {
      wrong.push(...messages.map(({ ruleId, message, line }) => `${path}:${line} ${ruleId}: ${message}`));
    }
  }
  assert.deepEqual(wrong.slice(0, 20), []);
  const fault = await validator.validateString("<!DOCTYPE html><html lang=en><head><title>a</title></head><body><ul><p>b</p></ul></body></html>");
  assert.equal(fault.valid, false);
});

describe("accessible in both schemes, and no wider than a phone", () => {
  for (const lang of ["en", "zh-Hant"]) {
    for (const path of [
      `rules/${lang}/SPF-090.html`,
      `rules/${lang}/DMA-010.html`,
      `rules/${lang}/BL-010.html`,
      `rules/${lang}/index.html`,
      `errors/${lang}/550-5.7.26-unauthenticated.html`,
      `errors/${lang}/535-5.7.8-login-wrong.html`,
      `errors/${lang}/index.html`,
    ]) {
      test(path, async (t) => {
        const page = await openPage(t, path, { ready: false, axe: true, width: 360, lang });
        await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => (fold.open = true)));
        await assertAccessible(page, { both: true });
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
      });
    }
  }
});

test("a missing address has a page, at any depth", async (t) => {
  const page = await openPage(t, "rules/en/SPF-999.html", { ready: false, axe: true, allow: [/404/] });
  assert.equal(await page.locator("h1").innerText(), say("pages.missing.title"));
  await assertAccessible(page);
  await page.getByRole("link", { name: say("pages.errors.title"), exact: true }).click();
  assert.equal(new URL(page.url()).pathname, "/errors/en/index.html");
});

test("a domain typed there is checked on the page, in the language of the page that explains", async (t) => {
  await front.reset();
  const page = await openPage(t, "errors/zh-Hant/550-5.7.26-unauthenticated.html", { ready: false });
  await page.locator("#q").fill("anna.secret@bakery.example");
  await page.keyboard.press("Enter");
  await finished(page);
  const { hash } = new URL(page.url());
  assert.ok(hash.startsWith("#/check/bakery.example"), hash);
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-Hant");
});

test("the field for a message is opened from there, and without a script there is a link to the check", async (t) => {
  const page = await openPage(t, "errors/en/550-5.7.26-unauthenticated.html", { ready: false });
  await page.getByRole("link", { name: say("ui.paste.open"), exact: true }).click();
  await page.locator("#paste").waitFor();
  const plain = await openPage(t, "errors/en/550-5.7.26-unauthenticated.html", { script: false });
  assert.equal(await plain.locator("form").isVisible(), false);
  const link = plain.getByRole("link", { name: say("pages.check.open"), exact: true });
  assert.equal(await link.evaluate(({ href }) => href), `${pageUrl}#/?lang=en`);
});

test("nothing but its own script and style is fetched for a page, and nothing from elsewhere", async (t) => {
  const asked = [];
  await openPage(t, "rules/en/SPF-090.html", { ready: false, opened: (page) => page.on("request", (request) => asked.push(request.url())) });
  const own = ["icons/icon.svg", "pages.css", "pages.js", "rules/en/SPF-090.html"].map((path) => pageUrl + path);
  assert.deepEqual(asked.filter((url) => !own.includes(url)), []);
});

describe("each finding and each cause leads to its page", () => {
  const visit = onePage();
  test("a finding", async (t) => {
    const page = await visit(t, "#/example/broken");
    await finished(page);
    const links = page.locator("a[href^='rules/en/']");
    await until(page, () => document.querySelector("a[href^='rules/en/']") !== null);
    for (const href of new Set(await links.evaluateAll((all) => all.map((link) => link.getAttribute("href"))))) {
      assert.ok(html.includes(href), href);
    }
  });

  test("a cause", async (t) => {
    const page = await visit(t, "#/");
    await go(page, "#/message");
    await page.locator("#paste").fill("550-5.7.26 This mail has been blocked because the sender is unauthenticated.");
    await button(page, "ui.paste.read").click();
    const link = page.locator(".verdict a[href^='errors/en/']");
    await link.waitFor();
    assert.ok(html.includes(await link.getAttribute("href")));
    assert.equal(await link.innerText(), say("bounce.page"));
  });
});
