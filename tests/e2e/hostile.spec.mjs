// Records are written by strangers: they reach the page as text and as nothing else.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { check, finished, front, openPage } from "./lib/harness.mjs";
import { go, unfold } from "./lib/page.mjs";

before(() => front.reset());

/// The page's own elements; nothing of it may become more, and no link may lead elsewhere than to the web or to mail.
const inventory = () => ({
  scripts: document.scripts.length,
  images: document.images.length,
  frames: document.querySelectorAll("iframe, object, embed, svg:not(.gauge, .wires, .tree-svg, .delay), foreignObject, style, base").length,
  handlers: [...document.querySelectorAll("*")].filter((element) =>
    [...element.attributes].some(({ name }) => name.startsWith("on")),
  ).length,
  links: [...document.querySelectorAll("[href], [src]")]
    .map((element) => element.getAttribute("href") ?? element.getAttribute("src"))
    .filter((url) => /^\s*(javascript|data|vbscript|blob):/i.test(url)),
  bold: document.querySelectorAll("main code b, main code img, main code script, main code a").length,
});

describe("hostile records", () => {
  for (const [domain, ip, literal] of [
    ["hostile.example", undefined, undefined],
    ["hostile-spf.example", undefined, "<img/src=x/onerror=alert(1)>"],
    ["listed-shop.example", "11.22.33.44", '<script>alert(1)</script><a href="javascript:alert(2)">'],
  ]) {
    test(domain, async (t) => {
      const page = await openPage(t, "");
      let dialogs = 0;
      page.on("dialog", (dialog) => {
        dialogs += 1;
        dialog.dismiss();
      });
      const before = await page.evaluate(inventory);
      assert.deepEqual([before.images, before.frames, before.handlers, before.bold], [0, 0, 0, 0]);
      await go(page, check(domain, ip && { ip }));
      await finished(page);
      await unfold(page);
      assert.deepEqual(await page.evaluate(inventory), before);
      assert.equal(dialogs, 0);
      assert.equal((await page.title()).includes("owned"), false);
      if (literal)
        assert.ok((await page.locator("main").textContent()).includes(literal), "not shown as text");
    });
  }

  test("a link is hostile too", async (t) => {
    const page = await openPage(t, "");
    const before = await page.evaluate(inventory);
    const notice = (text) => page.locator(".notices > *", { hasText: text });
    for (const [hash, shown] of [
      // No name: it is read as an error that somebody pasted.
      ["#/check/%3Cimg%20src=x%20onerror=alert(1)%3E", page.locator(".verdict")],
      ["#/check/%3Cimg/src=x/onerror=alert(1)%3E.example", page.getByRole("alert")],
      ["#/check/selfhosted.example?ip=%3Cscript%3Ealert(1)%3C/script%3E&x=%22%3E%3Cb%3E", notice("<script>")],
      ["#/?resolver=https://%3Cb%3E.example/&lang=%3Cb%3E", notice("https://<b>")],
    ]) {
      await go(page, hash);
      await shown.first().waitFor();
      assert.deepEqual(await page.evaluate(inventory), before, hash);
    }
  });
});

test("a change of the writing direction stays within its record", async (t) => {
  const page = await openPage(t, check("listed-shop.example", { ip: "11.22.33.44" }));
  await finished(page);
  await unfold(page);
  const open = await page
    .locator("code", { hasText: "\u202e" })
    .evaluateAll(
      (codes) =>
        codes.filter(
          (code) =>
            !["isolate", "isolate-override", "plaintext"].includes(getComputedStyle(code).unicodeBidi),
        ).length,
    );
  assert.equal(open, 0, "text after the record would be read backwards");
});
