// A pasted or dropped message: what it says, what of it is asked about, and that nothing of it leaves the page.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { assertAccessible, finished, front, openPage } from "./lib/harness.mjs";
import { box, button, findings, say } from "./lib/page.mjs";

beforeEach(() => front.reset());

/// Gmail refuses a message of a domain without DMARC; the address and the recipient are no business of anybody's.
const ERROR = `<bob.secret@gmail.com>: host gmail-smtp-in.l.google.com[142.250.1.26] said:
550-5.7.26 Unauthenticated email from listed-shop.example is not accepted due to domain's
550-5.7.26 DMARC policy. Please contact the administrator of listed-shop.example domain.`;

const verdict = (page) => page.locator(".verdict").first();
const field = (page) => page.locator("#paste");

async function explain(page, text, lang = "en") {
  await button(page, "ui.paste.open", {}, lang).click();
  await field(page).fill(text);
  await button(page, "ui.paste.read", {}, lang).click();
  await verdict(page).waitFor();
}

for (const [lang, locale] of [
  ["en", "en"],
  ["zh-Hant", "zh-TW"],
]) {
  test(`an error is explained, and what it claims is checked: ${lang}`, async (t) => {
    const page = await openPage(t, "", { lang: locale, axe: true });
    await explain(page, ERROR, lang);
    assert.equal(await verdict(page).getAttribute("data-cause"), "dmarc-fail");
    assert.equal(await verdict(page).getAttribute("data-leads-to"), "4");
    assert.deepEqual(await front.log(), [], "nothing is asked before the user says so");
    assert.equal(page.url().includes("#/check"), false, "nothing goes into the address by itself");
    const claims = page.locator(".claims > li");
    assert.ok((await claims.count()) > 0);
    for (const claim of await claims.all()) assert.equal(await claim.getAttribute("data-now"), "not-checked");
    await assertAccessible(page);

    await button(page, "bounce.check", {}, lang).click();
    await finished(page);
    const link = new URL(page.url());
    assert.match(link.hash, /^#\/check\/listed-shop\.example/);
    assert.equal(/secret|gmail/.test(link.hash), false, "the address holds what it must not");
    const now = await claims.evaluateAll((all) => all.map(({ dataset }) => dataset.now));
    for (const one of now) assert.ok(!["not-checked", "running"].includes(one), now.join(" "));
    assert.ok(now.includes("needs-address"), "the text names no address that sent, so nothing can be said of SPF");
    const dmarc = (await findings(page)).some(({ code }) => code === "DMA-010");
    assert.equal(await claims.first().getAttribute("data-now"), dmarc ? "still" : "gone");
    const asked = (await front.log()).map(({ name }) => name).join(" ");
    assert.equal(/secret|gmail\.com/.test(asked), false, "somebody was asked about the recipient");
    assert.equal(await page.evaluate(() => JSON.stringify({ ...localStorage }).includes("secret")), false);
    await assertAccessible(page);
  });
}

/// Gmail refuses a message, and the text names nothing that could be looked up.
const NAMELESS = `550-5.7.26 Your email has been blocked because the sender is unauthenticated.
550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.`;

for (const lang of ["en", "zh-Hant"]) {
  test(`where the message names no domain, the reader can, and the claims are checked: ${lang}`, async (t) => {
    const page = await openPage(t, `#/?lang=${lang}`, { lang, axe: true, width: 360, height: 740 });
    await explain(page, NAMELESS, lang);
    const sender = page.getByLabel(say("bounce.sender", {}, lang), { exact: true });
    await assertAccessible(page);
    await sender.fill("no domain");
    await sender.press("Enter");
    await page.locator("form.ask [role=alert]").waitFor();
    await assertAccessible(page);
    assert.equal(await sender.inputValue(), "no domain", "what was typed is gone");
    await sender.fill("two-spf.example");
    await page.locator("form.ask button.primary").click();
    await finished(page);
    const claims = page.locator(".claims > li");
    assert.ok((await claims.count()) > 0);
    for (const claim of await claims.all()) assert.notEqual(await claim.getAttribute("data-now"), "not-checked");
    assert.equal(await sender.count(), 0);
    assert.match(page.url(), /#\/check\/two-spf\.example/);
    await assertAccessible(page);
  });
}

test("a message pasted or typed into the box is read as one", async (t) => {
  const page = await openPage(t);
  await box(page).focus();
  await page.evaluate((text) => navigator.clipboard.writeText(text), ERROR);
  await page.keyboard.press("Control+V");
  await verdict(page).waitFor();
  await button(page, "asked.change").click();
  assert.equal(await field(page).inputValue(), ERROR);
  await button(page, "ui.close").click();
  await box(page).fill("550 5.7.1 <anna@example.org>: refused");
  await page.keyboard.press("Enter");
  await verdict(page).waitFor();
  await button(page, "asked.change").click();
  assert.equal(await field(page).inputValue(), "550 5.7.1 <anna@example.org>: refused");
  assert.equal(page.url().includes("anna"), false);
});

test("a file is dropped anywhere on the page, in any charset", async (t) => {
  const page = await openPage(t);
  // "Subject: 退信" in Big5, and a delivery report inside.
  await page.evaluate(() => {
    const head =
      "From: MAILER-DAEMON@mx.example.com\r\nTo: anna@listed-shop.example\r\nMIME-Version: 1.0\r\n" +
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
      "--b\r\nContent-Type: text/plain; charset=big5\r\n\r\n";
    const big5 = [0xb0, 0x68, 0xab, 0x48];
    const tail =
      "\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n" +
      "Final-Recipient: rfc822; bob@shop.example\r\nAction: failed\r\nStatus: 5.1.1\r\n" +
      "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n--b--\r\n";
    const bytes = (text) => [...text].map((c) => c.charCodeAt(0));
    const file = new File([new Uint8Array([...bytes(head), ...big5, ...bytes(tail)])], "bounce.eml");
    const data = new DataTransfer();
    data.items.add(file);
    for (const type of ["dragover", "drop"])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await verdict(page).waitFor();
  assert.equal(await verdict(page).getAttribute("data-leads-to"), "5");
  await page.locator(".explained details summary").click();
  await page.locator(".explained details").getByText("退信").waitFor();
});

test("a fact can be left out, and taken in again, with the keyboard", async (t) => {
  const page = await openPage(t);
  await explain(page, ERROR);
  const check = button(page, "bounce.check");
  const chip = page.locator(".chip-x").first();
  await chip.focus();
  await page.keyboard.press("Enter");
  await page.locator(".chip[data-off]").waitFor();
  assert.equal(await check.isDisabled(), true, "there is nothing left to ask about");
  await page.keyboard.press("Enter");
  await page.locator(".chip[data-off]").waitFor({ state: "detached" });
  assert.equal(await check.isDisabled(), false);
});

test("what says nothing is answered as that, and hostile text stays text", async (t) => {
  const page = await openPage(t);
  await explain(page, '550 5.7.1 <img src=x onerror="alert(1)"> \u202e blocked using <script>alert(2)</script>');
  assert.equal(await page.locator(".explained img, .explained script").count(), 0);
  assert.equal(say("bounce.nothing").length > 0, true);
});

test("the words that decided are marked with who said them, and wordings of other scripts stay away", async (t) => {
  const page = await openPage(t);
  const fetched = [];
  page.on("request", (request) => fetched.push(request.url()));
  await explain(page, "Delivery failed.\n\n<bob@rcpt.example>: host mx.rcpt.example[11.22.33.1] said: 550 信箱已滿");
  assert.equal(await verdict(page).getAttribute("data-cause"), "mailbox-full");
  const names = fetched.filter((url) => url.includes("smtp-words.")).join(" ");
  assert.match(names, /smtp-words\.han/);
  assert.doesNotMatch(names, /smtp-words\.(kana|hangul|latin|cyrillic|other)/);
  const text = page.locator(".explained details.evidence");
  await text.locator("summary").click();
  await text.getByText(say("bounce.speaker.server")).waitFor();
  assert.match(await text.locator("mark").textContent(), /信箱已滿/);
});
