// Step 3: the settings of a mail program, judged field by field, and tests on the user's own machine.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { assertAccessible, check, finished, front, openPage } from "./lib/harness.mjs";
import { button, clipboard, failedRequests, say, unfold, until } from "./lib/page.mjs";

beforeEach(() => front.reset());

async function opened(t, lang = "en", options = {}) {
  const { domain = "bakery.example", hash = check(domain, { lang }), ...rest } = options;
  const page = await openPage(t, hash, { lang, ...rest });
  await finished(page);
  await page.locator("#step-3 > details > summary").click();
  return page;
}

/// What is said of a field.
const said = (page, field) =>
  page
    .locator(`[data-field="${field}"] [data-remark]`)
    .evaluateAll((all) => all.map((remark) => remark.dataset.remark));
const heard = (page) =>
  page.locator("[data-heard]").evaluateAll((all) => all.map((line) => line.dataset.heard));

describe("the settings form", () => {
  for (const lang of ["en", "zh-Hant"]) {
    test(`needs no check and asks nobody, in ${lang}`, async (t) => {
      const page = await openPage(t, "", { lang, width: 320, axe: true });
      await page.locator("#settings > summary").click();
      await page.locator("#settings select").first().selectOption("google-workspace");
      await page.locator("#smtp-server").fill("imap.gmail.com");
      assert.deepEqual(await said(page, "server"), ["server.incoming"]);
      await assertAccessible(page, { where: "#settings" });
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
      assert.deepEqual(await front.log(), []);
    });

    test(`finds the wrong fields and fills in the right ones, in ${lang}`, async (t) => {
      const page = await opened(t, lang);
      await page.locator("#smtp-server").fill("imap.gmail.com");
      await page.locator("#smtp-port").fill("993");
      await page.locator("#smtp-user").fill("anna");
      await page.locator("#smtp-method").selectOption("password");
      assert.deepEqual(await said(page, "server"), ["server.incoming"]);
      assert.deepEqual(await said(page, "port"), ["port.imap"]);
      assert.deepEqual(await said(page, "user"), ["user.without-domain"]);
      assert.deepEqual(await said(page, "method"), ["method.refused"]);
      const text = await page.locator("#smtp").innerText();
      assert.ok(text.includes(say("smtp.remark.server.incoming", {}, lang)), text);
      assert.doesNotMatch(text, /\{\w+\}|smtp\.remark|smtp\.method/);

      for (const [field, right] of [
        ["server", "smtp.gmail.com"],
        ["port", "465"],
        ["user", "anna@bakery.example"],
      ]) {
        await button(page, "smtp.use", { text: right }, lang).click();
        assert.equal(await page.locator(`#smtp-${field}`).inputValue(), right);
        await until(page, (id) => document.activeElement?.id === id, `smtp-${field}`);
      }
      assert.deepEqual(await said(page, "server"), ["server.matches"]);
      assert.deepEqual(await said(page, "port"), ["port.matches"]);
      assert.deepEqual(await said(page, "user"), ["user.address"]);

      // A choice that was made by hand and then corrected twice.
      const encryption = page.locator("#smtp-encryption");
      for (let round = 0; round < 2; round += 1) {
        await encryption.selectOption("starttls");
        assert.deepEqual(await said(page, "encryption"), ["encryption.from-start"]);
        await button(page, "smtp.use", { text: say("smtp.encryption.tls", {}, lang) }, lang).click();
        assert.equal(await encryption.inputValue(), "tls");
        assert.deepEqual(await said(page, "encryption"), ["encryption.matches"]);
      }
    });

    test(`fits on the smallest screen and is accessible, in ${lang}`, async (t) => {
      const page = await opened(t, lang, { width: 320, axe: true });
      await page.locator("#smtp-server").fill("smtp.gmial.com");
      await page.locator("#smtp-port").fill("25");
      await page.locator("#smtp-encryption").selectOption("none");
      await page.locator("#smtp-method").selectOption("password");
      await page.locator("#smtp-output").fill("535 5.7.8 Username and Password not accepted");
      await unfold(page);
      await assertAccessible(page, { where: "#step-3", both: true });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 320, `${wide} px wide`);
    });
  }

  test("has no field for a password", async (t) => {
    const page = await opened(t);
    assert.equal(await page.locator("input[type=password]").count(), 0);
    const names = await page.locator("#smtp label > span").allTextContents();
    assert.ok(names.length >= 6 && names.every((name) => !/password/i.test(name)), names.join());
  });

  test("says what a provider's withdrawn passwords mean", async (t) => {
    const page = await opened(t, "en", { domain: "clinic.example" });
    await page.locator("#smtp-method").selectOption("password");
    assert.deepEqual(await said(page, "method"), ["method.second-best"]);
    const row = page.locator('[data-field="method"]');
    assert.ok((await row.innerText()).includes(say("provider.microsoft365.auth")));
    await page.locator("#step-3 select").first().selectOption("outlook");
    assert.deepEqual(await said(page, "method"), ["method.refused"]);
  });

  test("knows what the domain publishes, and looks a name up when asked to", async (t) => {
    const page = await opened(t, "en", { domain: "selfhosted.example" });
    await page.locator("#smtp-server").fill("mail.selfhosted.example");
    assert.deepEqual(await said(page, "server"), ["server.published"]);
    await page.locator("#smtp-port").fill("465");
    await page.locator("#smtp-encryption").selectOption("starttls");
    assert.deepEqual(await said(page, "encryption"), ["encryption.from-start"]);

    await page.locator("#smtp-server").fill("smtp.selfhosted.example");
    const before = (await front.log()).length;
    assert.deepEqual(await said(page, "server"), ["server.unknown"]);
    await button(page, "smtp.look-up").click();
    await until(page, () => document.querySelector('[data-remark="server.missing"]'));
    assert.ok((await front.log()).length > before);
    // The answer is about that name and no other.
    await page.locator("#smtp-server").fill("backup.selfhosted.example");
    assert.deepEqual(await said(page, "server"), ["server.unknown"]);
    await button(page, "smtp.look-up").click();
    await until(page, () => document.querySelector('[data-remark="server.found"]'));
  });

  test("could not check is not missing", async (t) => {
    const page = await opened(t, "en", { domain: "selfhosted.example", allow: failedRequests });
    await page.locator("#smtp-server").fill("smtp.selfhosted.example");
    await front.rules({ names: { "smtp.selfhosted.example": "servfail" } });
    await button(page, "smtp.look-up").click();
    await until(page, () => document.querySelector('[data-remark="server.unchecked"]'));
    assert.match(await page.locator('[data-remark="server.unchecked"]').innerText(), /SERVFAIL/);
    assert.equal(await page.locator('[data-remark="server.missing"]').count(), 0);
    assert.equal(await button(page, "smtp.look-up").count(), 1, "it can be tried again");
  });

  test("an example asks nothing", async (t) => {
    const page = await opened(t, "en", { hash: "#/example/healthy" });
    await page.locator("#smtp-server").fill("smtp.nowhere.example");
    assert.equal(await page.locator("#smtp-server").inputValue(), "smtp.nowhere.example");
    assert.equal(await button(page, "smtp.look-up").count(), 0);
  });

  test("is filled in with the keyboard alone", async (t) => {
    const page = await opened(t);
    await page.locator("#smtp-server").focus();
    await page.keyboard.type("smpt.gmail.com");
    await page.locator("#smtp button", { hasText: "smtp.gmail.com" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await until(page, () => document.querySelector("#smtp-server").value === "smtp.gmail.com");
    await until(page, () => document.activeElement?.id === "smtp-server");
  });
});

describe("tests on the user's own machine", () => {
  test("have server and port filled in and can be copied", async (t) => {
    const page = await opened(t);
    const lines = page.locator("#smtp .record > code");
    assert.equal(await lines.first().textContent(), 'Test-NetConnection "smtp.gmail.com" -Port "465"');
    await page.locator("#smtp-server").fill("mail.bakery.example");
    await page.locator("#smtp-port").fill("587");
    await page.locator("#smtp-user").fill("anna@bakery.example");
    const all = await lines.allTextContents();
    assert.equal(all.length, 6);
    assert.ok(all.includes('nc -vz -w 10 "mail.bakery.example" "587"'), all.join("\n"));
    assert.ok(all.some((line) => line.startsWith("openssl s_client -starttls smtp ")), all.join("\n"));
    assert.ok(all.some((line) => line.includes('"anna@bakery.example"')), all.join("\n"));
    await page.locator("#smtp .record .copy").nth(1).click();
    await until(page, () => document.querySelector("#smtp .copy[data-done]"));
    assert.equal(await clipboard(page), all[1]);
    // What is wrong is tested as it is proposed, and nothing that a shell would run gets into a line.
    await page.locator("#smtp-server").fill("$(id).example");
    await page.locator("#smtp-port").fill("993");
    const corrected = await lines.allTextContents();
    assert.ok(corrected.includes('nc -vz -w 10 "smtp.gmail.com" "465"'), corrected.join("\n"));
    assert.ok(!corrected.join("").includes("$("), corrected.join("\n"));
  });

  test("what they print is read and explained", async (t) => {
    const page = await opened(t);
    const output = page.locator("#smtp-output");
    for (const [text, wanted] of [
      ["TcpTestSucceeded : False", ["not-reached"]],
      ["nc: connect to smtp.gmail.com port 25 (tcp) failed: Connection refused", ["refused"]],
      ["Didn't find STARTTLS in server response, trying anyway...", ["no-starttls"]],
      ["535 5.7.8 Username and Password not accepted", ["wrong-login"]],
      ["what?", ["nothing"]],
      ["", []],
    ]) {
      await output.fill(text);
      assert.deepEqual(await heard(page), wanted, text);
    }
    await page.locator("#smtp-method").selectOption("password");
    await output.fill("< 250-smtp.example <b>x</b>\n< 250-AUTH XOAUTH2 OAUTHBEARER\n< 250 SMTPUTF8");
    assert.deepEqual(await heard(page), ["offers", "offers-no-password"]);
    const offers = page.locator('[data-heard="offers"]');
    assert.equal(await offers.textContent(), say("smtp.heard.offers", { methods: "XOAUTH2, OAUTHBEARER" }));
    assert.equal(await page.locator("#smtp-heard b").count(), 0);
  });
});
