// The calculator of step 2: what somebody sends, held against the provider's limits.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { assertAccessible, check, finished, front, openPage, pageUrl } from "./lib/harness.mjs";
import { say, unfold, until } from "./lib/page.mjs";

beforeEach(() => front.reset());

async function opened(t, lang = "en", options = {}) {
  const { domain = "bakery.example", ...rest } = options;
  const page = await openPage(t, check(domain, { lang }), { lang, ...rest });
  await finished(page);
  await page.locator("#step-2 > details > summary").click();
  return page;
}

const headline = (page) => page.locator("#calc .calc-line");
const result = (page) => page.locator("#calc .calc-result");

describe("the calculator", () => {
  for (const lang of ["en", "zh-Hant"]) {
    test(`needs no check and asks nobody, in ${lang}`, async (t) => {
      const page = await openPage(t, "", { lang, width: 320, axe: true });
      await page.locator("#limits > summary").click();
      await page.locator("#limits select").first().selectOption("google-workspace");
      await page.locator("#calc-messages").fill("600");
      await page.locator("#calc-account").selectOption("trial");
      const limit = say("limit.messages-per-day", {}, lang);
      const named = say("calc.named", { limit, account: say("calc.account.trial", {}, lang) }, lang);
      assert.equal(await headline(page).textContent(), say("calc.first", { limit: named }, lang));
      await assertAccessible(page);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
      assert.deepEqual(await front.log(), []);
    });

    test(`says by how much a trial account is over its limit, in ${lang}`, async (t) => {
      const page = await opened(t, lang);
      await page.locator("#calc-messages").fill("600");
      await page.locator("#calc-sending").selectOption("people");
      await page.locator("#calc-account").selectOption("trial");
      const text = await result(page).innerText();
      const limit = say("limit.messages-per-day", {}, lang);
      const named = say("calc.named", { limit, account: say("calc.account.trial", {}, lang) }, lang);
      assert.equal(await headline(page).textContent(), say("calc.first", { limit: named }, lang));
      const over = { used: 600, number: 500, over: 100, share: 120 };
      assert.ok(text.includes(say("calc.over", over, lang)), text);
      assert.ok(text.includes(say("calc.refused", { n: 501 }, lang)), text);
      assert.ok(text.includes("550 5.4.5 Daily user sending limit exceeded"), text);
      assert.ok(text.includes(say("calc.upgrade", { account: say("calc.account.ordinary", {}, lang), number: 2000 }, lang)), text);
      assert.doesNotMatch(text, /\{\w+\}|calc\./);
      // An ordinary account has room for as many.
      await page.locator("#calc-account").selectOption("ordinary");
      assert.equal(
        await headline(page).textContent(),
        say("calc.fits", { provider: "Google Workspace" }, lang),
      );
    });

    test(`fits on the smallest screen and is accessible, in ${lang}`, async (t) => {
      const page = await opened(t, lang, { width: 320, axe: true });
      await page.locator("#calc-messages").fill("9000");
      await page.locator("#calc-recipients").fill("ten");
      await page.locator("#calc-size").fill("30");
      assert.equal(await result(page).count(), 0);
      await assertAccessible(page, { where: "#step-2", both: true });
      await page.locator("#calc-recipients").fill("10");
      await assertAccessible(page, { where: "#step-2" });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 320, `${wide} px wide`);
    });
  }

  test("says when an account is free again in the reader's own time zone", async (t) => {
    const time = async (timezoneId) => {
      const page = await opened(t, "en", {
        opened: async (page) => {
          await page.clock.setFixedTime("2026-11-23T12:00:00Z");
          const devtools = await page.context().newCDPSession(page);
          await devtools.send("Emulation.setTimezoneOverride", { timezoneId });
        },
      });
      await page.locator("#calc-messages").fill("3000");
      return page.locator("#calc .calc-way").first().innerText();
    };
    assert.match(await time("Asia/Taipei"), /Tuesday.* 8:00.PM GMT\+8/);
    assert.match(await time("America/New_York"), /Tuesday.* 7:00.AM EST/);
  });

  test("tells that attachments grow on the way", async (t) => {
    const page = await opened(t);
    await page.locator("#calc-size").fill("20");
    const text = await result(page).innerText();
    assert.ok(text.includes(say("calc.grows", { size: 20, sent: 27.4 })), text);
    assert.equal(await headline(page).textContent(), say("calc.first", { limit: say("limit.message-size") }));
    assert.ok(text.includes(say("calc.wait.size")), text);
    await page.locator("#calc-size").fill("18");
    assert.equal(await headline(page).textContent(), say("calc.fits", { provider: "Google Workspace" }));
  });

  test("explains a number that it cannot read and loses nothing", async (t) => {
    const page = await opened(t);
    const messages = page.locator("#calc-messages");
    await messages.fill("about 100");
    const error = page.locator("#calc-messages-error");
    assert.equal(await error.textContent(), say("calc.error.number", { text: "about 100" }));
    assert.equal(await messages.getAttribute("aria-invalid"), "true");
    assert.equal(await messages.getAttribute("aria-describedby"), "calc-messages-error");
    assert.equal(await messages.inputValue(), "about 100");
    await messages.fill("１００");
    assert.equal(await error.count(), 0);
    assert.equal(await messages.inputValue(), "１００");
    assert.equal(await headline(page).count(), 1);
  });

  test("keeps what was typed when another provider is chosen, and says where nothing is known", async (t) => {
    const page = await opened(t);
    await page.locator("#calc-messages").fill("600");
    await page.locator("#calc-account").selectOption("trial");
    const choose = page.locator("#step-2 select").first();
    await choose.selectOption("qq");
    assert.equal(await page.locator("#calc-messages").inputValue(), "600");
    assert.match(await headline(page).textContent(), /QQ/);
    assert.equal(await headline(page).locator(".state").getAttribute("data-level"), "unknown");
    assert.equal(await page.locator("#calc-account").count(), 0);
    await choose.selectOption("migadu");
    assert.equal(await page.locator("#calc-account").inputValue(), "unknown");
    await page.locator("#calc-account").selectOption("plan Maxi");
    assert.equal(await headline(page).textContent(), say("calc.fits", { provider: "Migadu" }));
  });

  test("sends nothing anywhere", async (t) => {
    const page = await opened(t);
    const before = (await front.log()).length;
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.locator("#calc-messages").fill("600");
    await page.locator("#calc-sending").selectOption("newsletter");
    await until(page, () => document.querySelector("#calc .calc-line"));
    // Files of the page may still be on their way.
    assert.deepEqual(asked.filter((url) => !url.startsWith(new URL("data/", pageUrl).href)), []);
    assert.doesNotMatch(asked.join(), /600/);
    assert.equal((await front.log()).length, before);
    assert.doesNotMatch(page.url(), /600/);
  });

  test("is filled in with the keyboard alone", async (t) => {
    const page = await opened(t);
    await page.locator("#calc-messages").focus();
    await page.keyboard.type("600");
    await page.keyboard.press("Tab");
    await page.keyboard.type("2");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "calc-sending");
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.locator("#calc-sending").inputValue(), "shop");
    assert.equal(await page.evaluate(() => document.activeElement.id), "calc-sending");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.locator("#calc-account").inputValue(), "trial");
    assert.equal(await headline(page).count(), 1);
  });
});

test("what was not seen at the provider itself has a star, and what that means is said once", async (t) => {
  const page = await openPage(t, check("bakery.example"));
  await finished(page);
  await unfold(page);
  const shown = await page.locator("main").innerText();
  const times = (text) => shown.split(text).length - 1;
  assert.equal(times(say("limit.unverified.note")), 1);
  assert.equal(times("not confirmed"), 1);
  const stars = await page.locator("td", { hasText: /\*$/ }).count();
  assert.ok(stars > 2, `${stars} sources with a star`);
});
