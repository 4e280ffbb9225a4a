// What was seen, as a link: the other side sees the same, nothing private goes along, and nothing is asked before somebody wants it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, describe, test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { assertAccessible, check, codes, finished, front, openPage, pageUrl } from "./lib/harness.mjs";
import { button, choose, clipboard, said, say, until } from "./lib/page.mjs";

beforeEach(() => front.reset());

/// The link to what this page shows.
async function shared(page, lang = "en") {
  await choose(page, "ui.share.seen", {}, lang);
  await until(page, () => document.querySelector(".toast").textContent.length > 0);
  const link = await clipboard(page);
  assert.ok(link.startsWith(`${pageUrl}#/seen/`), link.slice(0, 200));
  assert.ok(link.length < 8000, `${link.length} characters`);
  return link.slice(pageUrl.length);
}

const error = (page) => page.locator("#q-error").innerText();

describe("what was seen", () => {
  for (const lang of ["en", "zh-Hant"]) {
    test(`is seen by somebody else, who is asked nothing, in ${lang}`, async (t) => {
      const page = await openPage(t, check("two-spf.example", { ip: "11.22.33.44", lang }), { lang });
      await finished(page);
      const link = await shared(page, lang);
      const before = [await codes(page), await said(page)];
      await front.reset();
      const other = await openPage(t, `${link}?lang=${lang}`, { lang, axe: true, width: 360, height: 740 });
      await finished(other);
      assert.deepEqual([await codes(other), await said(other)], before);
      assert.deepEqual(await front.log(), []);
      const note = await other.locator('.notice[data-level="info"]').first().innerText();
      assert.ok(note.includes(say("ui.seen.again", {}, lang)), note);
      await assertAccessible(other);
      // Then it is asked anew.
      await button(other, "ui.seen.again", {}, lang).click();
      await until(other, () => location.hash.startsWith("#/check/two-spf.example"));
      await finished(other);
      assert.ok((await front.log()).length > 20);
      await other.goBack();
      await until(other, () => location.hash.startsWith("#/seen/"));
      await finished(other);
    });
  }

  test("holds neither a name, nor the address of the connection", async (t) => {
    const page = await openPage(t, "");
    await page.locator("#q").fill("anna.secret@bakery.example");
    await page.keyboard.press("Enter");
    await finished(page);
    const link = await shared(page);
    const other = await openPage(t, link);
    await finished(other);
    assert.ok(!(await other.content()).includes("secret"));
    assert.ok(!link.includes("secret"));
  });

  test("a result in it has a link of its own", async (t) => {
    const page = await openPage(t, check("two-spf.example"));
    await finished(page);
    const other = await openPage(t, `${await shared(page)}/SPF-030`);
    await finished(other);
    await until(other, () => document.activeElement?.closest("details.finding")?.dataset.code === "SPF-030");
  });
});

describe("what is too long for a link", () => {
  beforeEach(() => front.reset({ all: "huge" }));

  /// Drops a file on the page.
  const drop = (page, { name, text }) =>
    page.evaluate(
      ({ name, text }) => {
        const data = new DataTransfer();
        data.items.add(new File([text], name, { type: "text/plain" }));
        for (const type of ["dragover", "drop"])
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      },
      { name, text },
    );

  for (const lang of ["en", "zh-Hant"]) {
    test(`is saved as a file, which opens where it is dropped, in ${lang}`, async (t) => {
      const page = await openPage(t, check("proofs.huge.example", { lang }), { lang });
      await finished(page);
      const [download] = await Promise.all([page.waitForEvent("download"), choose(page, "ui.share.seen", {}, lang)]);
      const [name, text] = [download.suggestedFilename(), readFileSync(await download.path(), "utf8")];
      assert.equal(name, "mail-triage-proofs.huge.example.txt");
      assert.ok(text.length > 8000 && text.startsWith(`${pageUrl}#/seen/`), `${text.length} characters: ${text.slice(0, 80)}`);
      await page.locator(".toast").getByText(say("ui.share.seen.saved", {}, lang), { exact: true }).waitFor();
      const before = [await codes(page), await said(page)];
      await front.reset({ all: "huge" });
      const other = await openPage(t, `?lang=${lang}`, { lang });
      await drop(other, { name, text });
      await finished(other);
      assert.deepEqual([await codes(other), await said(other)], before);
      assert.deepEqual(await front.log(), []);
    });
  }

  test("and for a file as well: it says so, and the link without the result is given to another program", async (t) => {
    const page = await openPage(t, check("tree.huge.example"), {
      opened: (page) =>
        page.addInitScript(() => {
          window.sent = [];
          navigator.share = async (what) => window.sent.push(what);
        }),
    });
    await finished(page);
    await choose(page, "ui.share.seen");
    await page.locator(".toast").getByText(say("ui.share.seen.long"), { exact: true }).waitFor();
    await choose(page, "share.send");
    await until(page, () => window.sent.length === 1);
    const [{ url }] = await page.evaluate(() => window.sent);
    assert.ok(url.startsWith(`${pageUrl}#/check/tree.huge.example`), url);
  });
});

describe("a link that cannot be read", () => {
  const packed = (octets) => deflateRawSync(Buffer.from(octets)).toString("base64url");
  const cases = {
    "is cut": ["q1Yq_-x", "ui.error.seen"],
    "is something else": [packed([0, 1, 2]), "ui.error.seen"],
    "is of a later version": [packed([99, 1, 2, 3]), "ui.error.seen.version"],
    "grows without end": [packed(Buffer.alloc(40_000_000)), "ui.error.seen"],
  };
  for (const [name, [seen, key]] of Object.entries(cases)) {
    test(`${name}: a sentence, and nothing runs`, async (t) => {
      const page = await openPage(t, `#/seen/${seen}`);
      await until(page, () => document.querySelector("#q-error"));
      assert.equal(await error(page), say(key));
      assert.equal(await page.locator("[data-state]").getAttribute("data-state"), "idle");
      assert.deepEqual(await front.log(), []);
    });
  }
});

describe("checked again", () => {
  const DMARC = "_dmarc.bakery.example";
  const since = (page) => page.locator("#since");

  for (const lang of ["en", "zh-Hant"]) {
    test(`it says what is mended, in ${lang}`, async (t) => {
      await front.reset({ names: { [DMARC]: "nxdomain" } });
      const page = await openPage(t, check("bakery.example", { lang }), { lang, axe: true });
      await finished(page);
      assert.equal(await since(page).count(), 0);
      await front.rules({ names: {} });
      await button(page, "ui.again", {}, lang).click();
      await finished(page);
      await until(page, () => document.querySelector("#since"));
      const mended = since(page).locator('li[data-since="mended"]');
      assert.ok((await mended.count()) >= 1, await since(page).innerText());
      assert.ok((await mended.first().innerText()).includes(say("since.mended", {}, lang)));
      assert.doesNotMatch(await since(page).innerText(), /\{\w+\}|since\./);
      await assertAccessible(page);
    });
  }

  test("what could not be asked again is not called mended", async (t) => {
    await front.reset({ names: { [DMARC]: "nxdomain" } });
    const page = await openPage(t, check("bakery.example"));
    await finished(page);
    await front.rules({ names: { [DMARC]: "servfail" } });
    await button(page, "ui.again").click();
    await finished(page);
    await until(page, () => document.querySelector("#since"));
    assert.equal(await since(page).locator('li[data-since="mended"]').count(), 0);
    assert.ok((await since(page).locator('li[data-since="not-checked"]').count()) >= 1);
  });
});
