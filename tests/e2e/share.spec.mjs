// What is done with a result: given to another program, shown as a code, read by three people, saved as a file.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, describe, test } from "node:test";

import jsQR from "jsqr";

import { assertAccessible, check, codes, finished, front, openPage, pageUrl } from "./lib/harness.mjs";
import { button, choose, clipboard, failedRequests, go, said, say, until } from "./lib/page.mjs";

beforeEach(() => front.reset());

const LANGUAGES = ["en", "zh-Hant"];
const panel = (page) => page.locator("#sharing");

/// What the browser saves: the name of the file, and what is in it.
async function saved(page, act) {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

describe("another program", () => {
  /// A browser with a share sheet, which notes what it is given and ends as `end` says.
  const sheet = (end) => ({
    opened: (page) =>
      page.addInitScript((end) => {
        window.sent = [];
        navigator.share = async (what) => {
          window.sent.push(what);
          if (end) throw new DOMException("no", end);
        };
      }, end),
  });

  test("gets the link with the result from the share sheet", async (t) => {
    const page = await openPage(t, check("two-spf.example"), sheet());
    await finished(page);
    await choose(page, "share.send");
    await until(page, () => window.sent.length === 1);
    const [{ title, url }] = await page.evaluate(() => window.sent);
    assert.ok(title.includes("two-spf.example"), title);
    assert.ok(url.startsWith(`${pageUrl}#/seen/`), url);
    const other = await openPage(t, url.slice(pageUrl.length));
    await finished(other);
    assert.deepEqual(await said(other), await said(page));
  });

  test("gets nothing where the user closes the sheet, and the link is copied where it is not allowed", async (t) => {
    const closed = await openPage(t, check("two-spf.example"), sheet("AbortError"));
    await finished(closed);
    await choose(closed, "share.send");
    await until(closed, () => window.sent.length === 1);
    assert.equal(await closed.locator(".toast").innerText(), "");
    const refused = await openPage(t, check("two-spf.example"), sheet("NotAllowedError"));
    await finished(refused);
    await choose(refused, "share.send");
    await until(refused, () => document.querySelector(".toast").textContent.length > 0);
    assert.ok((await clipboard(refused)).startsWith(`${pageUrl}#/seen/`));
  });

  test("is not offered where there is no share sheet", async (t) => {
    const page = await openPage(t, check("two-spf.example"), {
      opened: (page) => page.addInitScript(() => delete Navigator.prototype.share),
    });
    await finished(page);
    assert.equal(await page.getByText(say("share.send"), { exact: true }).count(), 0);
  });
});

describe("the code", () => {
  /// What a camera reads from it.
  async function read(page) {
    const png = [...(await page.locator(".qr").screenshot())];
    const { pixels, width, height } = await page.evaluate(async (png) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(png)]));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      context.drawImage(bitmap, 0, 0);
      const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      return { pixels: [...data], width, height };
    }, png);
    return jsQR(Uint8ClampedArray.from(pixels), width, height)?.data;
  }

  for (const lang of LANGUAGES) {
    test(`holds the link to the check, in ${lang}`, async (t) => {
      const page = await openPage(t, check("two-spf.example", { ip: "11.22.33.44", lang }), {
        lang,
        axe: true,
        scheme: lang === "en" ? "light" : "dark",
        width: 360,
        height: 740,
      });
      await finished(page);
      await choose(page, "share.code", {}, lang);
      await page.locator(".qr").waitFor();
      const link = await page.locator("#qr-link").innerText();
      assert.ok(link.startsWith(`${pageUrl}#/check/two-spf.example?`), link);
      assert.equal(await read(page), link);
      await assertAccessible(page, { where: "#sharing", both: true });
      await button(page, "ui.close", {}, lang).click();
      await panel(page).waitFor({ state: "detached" });
    });
  }

  test("is not made of a link that no camera would read", async (t) => {
    const page = await openPage(t, check("two-spf.example", { ip: "11.22.33.44" }));
    await finished(page);
    await choose(page, "ui.share.seen");
    await until(page, () => document.querySelector(".toast").textContent.length > 0);
    const other = await openPage(t, (await clipboard(page)).slice(pageUrl.length));
    await finished(other);
    await choose(other, "share.code");
    await other.getByText(say("share.code.long"), { exact: true }).waitFor();
    assert.equal(await other.locator(".qr").count(), 0);
  });
});

describe("the result in words", () => {
  for (const lang of LANGUAGES) {
    test(`is another for each reader, and is saved as it is read, in ${lang}`, async (t) => {
      const page = await openPage(t, check("two-spf.example", { lang }), { lang, axe: true, width: 360, height: 740 });
      await finished(page);
      await choose(page, "save.readings", {}, lang);
      const text = page.locator("#reading-text");
      await text.waitFor();
      const readings = {};
      for (const reading of ["owner", "keeper", "postmaster"]) {
        await page.getByRole("radio", { name: say(`reading.${reading}`, {}, lang), exact: true }).check();
        readings[reading] = await text.innerText();
        const plain = await saved(page, () => button(page, "save.text", {}, lang).click());
        assert.match(plain.name, new RegExp(`^mail-triage-two-spf\\.example-\\d{4}-\\d\\d-\\d\\d-${reading}\\.txt$`));
        assert.equal(plain.text.trim(), readings[reading].trim());
        const markdown = await saved(page, () => button(page, "save.markdown", {}, lang).click());
        assert.ok(markdown.name.endsWith(`-${reading}.md`) && markdown.text.startsWith("# "), markdown.name);
        assert.doesNotMatch(plain.text, /\{\w+\}|\b(reading|finding|fix|ui)\.[a-z]/);
      }
      for (const jargon of ["SPF-030", "v=spf1", "RFC"]) assert.ok(!readings.owner.includes(jargon), jargon);
      assert.ok(readings.keeper.includes("v=spf1") && !readings.keeper.includes("dig "));
      for (const part of ["SPF-030", "RFC 7208", "dig "]) assert.ok(readings.postmaster.includes(part), part);
      await assertAccessible(page, { where: "#sharing", both: true });
      await panel(page).locator("button.copy").click();
      await until(page, () => document.querySelector(".toast").textContent.length > 0);
      assert.equal((await clipboard(page)).trim(), readings.postmaster.trim());
    });
  }

  test("is written for the host that the user names", async (t) => {
    const page = await openPage(t, check("two-spf.example"));
    await finished(page);
    await go(page, `${check("two-spf.example")}/SPF-030`);
    await page.locator("details.finding[data-code=SPF-030] .fix select").first().selectOption("he");
    await choose(page, "save.readings");
    await page.getByRole("radio", { name: say("reading.keeper"), exact: true }).check();
    const text = await page.locator("#reading-text").innerText();
    assert.ok(text.includes(`${say("fix.field.name")}: two-spf.example`), text);
  });

  test("is saved for programs, with what the page says", async (t) => {
    const page = await openPage(t, check("two-spf.example"));
    await finished(page);
    await choose(page, "save.readings");
    const { name, text } = await saved(page, () => button(page, "save.json").click());
    assert.match(name, /^mail-triage-two-spf\.example-\d{4}-\d\d-\d\d\.json$/);
    const file = JSON.parse(text);
    assert.deepEqual([file.format, file.report.version], ["mail-triage-report", 2]);
    assert.ok(Math.abs(file.checked * 1000 - Date.now()) < 3_600_000, file.checked);
    const found = file.report.checks.flatMap(({ findings }) => findings.map(({ code }) => code));
    for (const code of await codes(page)) assert.ok(found.includes(code), code);
  });
});

test("the chunk for all this cannot be had: the page says so, and tries again", async (t) => {
  const held = "**/*_tools.wasm";
  const page = await openPage(t, check("two-spf.example"), {
    allow: failedRequests,
    opened: (page) => page.route(held, (route) => route.abort()),
  });
  await finished(page);
  await choose(page, "save.readings");
  await panel(page).getByRole("alert").filter({ hasText: say("ui.error.files") }).waitFor();
  await page.unroute(held);
  await panel(page).getByRole("button", { name: say("ui.retry"), exact: true }).click();
  await page.locator("#reading-text").waitFor();
});
