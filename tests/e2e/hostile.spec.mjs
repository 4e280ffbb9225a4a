// Records are written by strangers: they reach the page as text and as nothing else.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";

import { check, finished, front, openPage } from "./lib/harness.mjs";
import { choose, clipboard, go, say, unfold } from "./lib/page.mjs";

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
    ["hostile-mx.example", undefined, undefined],
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

/// What nobody sees: control characters but the line break, marks of the writing direction, signs without a width.
const unseen = /[\0-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

for (const [domain, options, shown] of [
  ["hostile.example", {}, "\\226\\128\\174gpj.exe"],
  ["listed-shop.example", { ip: "11.22.33.44" }, "\\226\\128\\174gpj.exe"],
]) {
  test(`what nobody sees is written out: ${domain}`, async (t) => {
    const page = await openPage(t, check(domain, options));
    await finished(page);
    await unfold(page);
    const text = await page.locator("main").evaluate((main) => main.textContent);
    assert.ok(text.includes(shown), "not shown");
    assert.equal(unseen.exec(text), null);
    await choose(page, "ui.copy.report");
    await page.getByRole("status").getByText(say("ui.copied")).waitFor({ state: "attached" });
    const report = await clipboard(page);
    assert.ok(report.includes(shown), report);
    assert.equal(unseen.exec(report), null);
  });
}

test("names that are commands are in no line that is copied", async (t) => {
  const page = await openPage(t, check("hostile-mx.example"));
  await finished(page);
  await unfold(page);
  assert.ok((await page.locator("main").textContent()).includes("touch,pwned"), "not shown as text");
  const lines = await page
    .locator(".record code")
    .evaluateAll((all) => all.map((one) => one.textContent).filter((text) => /^dig /m.test(text)));
  assert.ok(lines.length > 2, "no lookups to copy");
  const all = lines.flatMap((text) => text.split("\n"));
  assert.deepEqual(
    all.filter((line) => !/^dig (\+dnssec (\+cd )?"[a-z0-9._-]+" [A-Z]+|(\+short )?[A-Z]+ "[a-z0-9.-]+")$/.test(line)),
    [],
  );
  const evidence = page.locator("details.evidence", { has: page.locator(".left-out") }).filter({
    has: page.locator(".record"),
  });
  await evidence.first().locator(".record").getByRole("button").click();
  await page.getByRole("status").getByText(say("ui.copied")).waitFor({ state: "attached" });
  const copied = await clipboard(page);
  assert.ok(lines.includes(copied), copied);
  // In a real shell, which has nothing but a stand-in for the tool.
  const folder = mkdtempSync(join(tmpdir(), "mail-triage-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const input = `dig() { printf '%s\\n' "$#"; }\n${copied}\n`;
  const { stdout, stderr } = spawnSync("/bin/sh", { input, cwd: folder, env: { PATH: "/nowhere" }, encoding: "utf8" });
  assert.equal(stderr, "");
  assert.match(stdout, /^([34]\n)+$/);
  assert.equal(stdout.trim().split("\n").length, copied.split("\n").length);
  assert.deepEqual(readdirSync(folder), []);
});
