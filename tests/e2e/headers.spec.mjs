// Pasted headers: the way of a message, what its receiver found, and what the DNS says now.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { assertAccessible, finished, front, openPage } from "./lib/harness.mjs";
import { button, choose, clipboard, listZones, question, say, unfold } from "./lib/page.mjs";

beforeEach(() => front.reset());

/// As Gmail shows it: the record was put right since, and a stranger praises the message.
const GMAIL = `Delivered-To: bob.secret@gmail.com
Received: by 2002:a05:6a10:1234:b0:5c1:22 with SMTP id z20csp123456pxc;
        Fri, 20 Nov 2026 01:12:40 -0800 (PST)
X-Received: by 2002:a17:906:abcd:b0:a98 with SMTP id x13-20020a17090606c0mr1.12.1795165960000;
        Fri, 20 Nov 2026 01:12:40 -0800 (PST)
ARC-Seal: i=1; a=rsa-sha256; t=1795165960; cv=none; d=google.com; s=arc-20240605; b=abc
Return-Path: <anna.secret@selfhosted.example>
Received: from mail.selfhosted.example (mail.selfhosted.example. [11.22.33.10])
        by mx.google.com with ESMTPS id k7-20020a170906000000si123.2026.11.20.01.12.38
        for <bob.secret@gmail.com>
        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);
        Fri, 20 Nov 2026 01:12:38 -0800 (PST)
Received-SPF: softfail (google.com: domain of transitioning anna.secret@selfhosted.example does not designate 11.22.33.10 as permitted sender) client-ip=11.22.33.10;
Authentication-Results: mx.google.com;
       dkim=pass header.i=@selfhosted.example header.s=2026 header.b=abc;
       spf=softfail (google.com: domain of transitioning anna.secret@selfhosted.example does not designate 11.22.33.10 as permitted sender) smtp.mailfrom=anna.secret@selfhosted.example;
       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=selfhosted.example
Authentication-Results: trusted.evil.example; spf=pass smtp.mailfrom=evil.example; dmarc=pass header.from=selfhosted.example
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=selfhosted.example;
        s=2026; t=1795165715; h=from:to:subject:date:message-id; bh=x; b=y
Received: from laptop.local (unknown [192.168.1.5])
        by mail.selfhosted.example (Postfix) with ESMTPSA id 4F2A
        for <bob.secret@gmail.com>; Fri, 20 Nov 2026 17:08:36 +0800 (CST)
Date: Fri, 20 Nov 2026 17:08:35 +0800
From: "Anna" <anna.secret@selfhosted.example>
To: bob.secret@gmail.com
Subject: The secret offer
Message-ID: <1@selfhosted.example>
`;

/// As Outlook shows it: nobody could tell who sent it, so it went to the spam folder.
const OUTLOOK = `Received: from DB9PR06MB7321.eurprd06.prod.outlook.com (2603:10a6:10:2b::21)
 by AM0PR02MB4512.eurprd02.prod.outlook.com with HTTPS; Fri, 20 Nov 2026 01:12:45 +0000
Received: from AM6EUR05FT012.eop-eur05.prod.protection.outlook.com (2603:10a6:20b::1) by
 DB9PR06MB7321.eurprd06.prod.outlook.com (2603:10a6:10:2b::21) with Microsoft SMTP Server
 (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.9000.1; Fri, 20 Nov 2026 01:12:44 +0000
Authentication-Results: spf=fail (sender IP is 11.22.33.44)
 smtp.mailfrom=news.listed-shop.example; dkim=none (message not signed)
 header.d=none;dmarc=fail action=none header.from=listed-shop.example;compauth=fail reason=001
Received-SPF: Fail (protection.outlook.com: domain of news.listed-shop.example does not designate 11.22.33.44
 as permitted sender) receiver=protection.outlook.com; client-ip=11.22.33.44; helo=mail.listed-shop.example;
Received: from mail.listed-shop.example (11.22.33.44) by AM6EUR05FT012.mail.protection.outlook.com
 (10.233.240.1) with Microsoft SMTP Server id 15.20.9000.1; Fri, 20 Nov 2026 01:12:40 +0000
Received: from shop (localhost [127.0.0.1]) by mail.listed-shop.example (Postfix) with ESMTP id 7;
 Fri, 20 Nov 2026 01:13:50 +0000
From: <orders@listed-shop.example>
To: <bob.secret@outlook.com>
Subject: Your order
Date: Fri, 20 Nov 2026 01:12:38 +0000
List-Unsubscribe: <mailto:leave@listed-shop.example>
X-Forefront-Antispam-Report: CIP:11.22.33.44;CTRY:DE;LANG:en;SCL:5;SRV:;IPV:NLI;SFV:SPM;H:mail.listed-shop.example;CAT:SPM;
X-Microsoft-Antispam: BCL:0;
Return-Path: bounce@news.listed-shop.example
`;

async function explain(page, text, lang = "en") {
  await button(page, "ui.paste.open", {}, lang).click();
  await page.locator("#paste").fill(text);
  await button(page, "ui.paste.read", {}, lang).click();
  await page.locator("#explained").waitFor();
}

const hops = (page) => page.locator(".hop");
const rows = (page) => page.locator("#compared tbody tr");
const remarks = (page) =>
  page.locator("[data-remark]").evaluateAll((all) => all.map(({ dataset }) => dataset.remark));

/// Presses the button and waits for the comparison.
async function compare(page, lang = "en") {
  await button(page, "bounce.check", {}, lang).click();
  await finished(page);
  await page.locator('#compared[data-compared="yes"]').waitFor();
}

for (const [lang, locale] of [
  ["en", "en"],
  ["zh-Hant", "zh-TW"],
]) {
  test(`the way is shown, and the comparison asked for when it is wished: ${lang}`, async (t) => {
    const page = await openPage(t, "", { lang: locale, axe: true, width: 360 });
    await explain(page, GMAIL, lang);
    assert.equal(await hops(page).count(), 3);
    assert.equal(await page.locator(".hop[data-over]").count(), 1);
    assert.ok((await page.locator(".hop[data-over]").innerText()).includes("mx.google.com"));
    const time = say("header.time.ms", { a: 4, b: 2 }, lang);
    const slowest = { time, a: "mail.selfhosted.example", b: "mx.google.com" };
    assert.ok((await page.locator("#way").innerText()).includes(say("header.way.slowest", slowest, lang)));
    assert.equal(await page.locator(".delay-bar").count(), 2);
    assert.equal(await rows(page).count(), 3);
    const text = await page.locator("#compared").innerText();
    assert.ok(text.includes(say("header.result.softfail", {}, lang)), text);
    assert.equal(await page.locator("#compared").getAttribute("data-compared"), "no");
    assert.deepEqual(await front.log(), [], "nothing is asked before the user says so");
    await assertAccessible(page);

    await compare(page, lang);
    const [spf, dkim, dmarc] = await rows(page).allInnerTexts();
    assert.ok(spf.includes(say("header.why.mended-since", {}, lang)), spf);
    assert.ok(dkim.includes(say("header.key.usable", {}, lang)), dkim);
    assert.ok(dkim.includes(say("header.aligned.yes", {}, lang)), dkim);
    assert.ok(dmarc.includes(say("header.why.same", {}, lang)), dmarc);
    assert.ok(dmarc.includes(say("dmarc.policy.reject", {}, lang)), dmarc);
    assert.doesNotMatch(await page.locator("#explained").innerText(), /\{\w+\}|header\.|bounce\./);
    await page.getByRole("link", { name: say("bounce.see", {}, lang) }).click();
    assert.equal(await page.evaluate(() => document.activeElement.id), "summary");
    await assertAccessible(page, { both: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 360, `${wide} px wide`);

    const asked = (await front.log()).map(question);
    const twice = asked.filter((one, at) => asked.indexOf(one) !== at);
    // A list that does not answer is tried once more.
    assert.deepEqual(twice.filter((one) => !listZones.some((zone) => one.includes(zone))), []);
    assert.ok(asked.includes("2026._domainkey.selfhosted.example TXT"));
    await unfold(page);
    await page.locator(".log tbody tr").first().waitFor();
    const listed = await page.locator(".log tbody tr").allInnerTexts();
    assert.equal(listed.length, asked.length, "a request is not on the list");

    // Nobody is told who wrote to whom.
    assert.match(page.url(), /#\/check\/selfhosted\.example\?/);
    assert.equal(/secret|gmail/.test(page.url() + asked.join(" ")), false);
    assert.equal(await page.evaluate(() => /secret/.test(JSON.stringify({ ...localStorage }))), false);
    await choose(page, "ui.copy.report", {}, lang);
    await page.locator(".toast:not(:empty)").waitFor();
    assert.equal(/secret/.test(await clipboard(page)), false);
  });
}

test("what somebody else wrote is not believed", async (t) => {
  const page = await openPage(t);
  await explain(page, GMAIL);
  const strangers = page.locator(".strangers > li");
  assert.equal(await strangers.count(), 1);
  assert.equal(await strangers.first().getAttribute("data-trust"), "stranger");
  assert.ok((await strangers.first().innerText()).includes("trusted.evil.example"));
  assert.ok((await rows(page).first().innerText()).includes(say("header.result.softfail")));
  // Only the stranger's word is left: then nothing was said.
  await button(page, "asked.change").click();
  await page.locator("#paste").fill(GMAIL.replace(/^Authentication-Results: mx[^]*?(?=Authentication-R)/m, ""));
  await button(page, "ui.paste.read").click();
  await page.getByText(say("header.compare.nothing")).waitFor();
  assert.ok((await rows(page).first().innerText()).includes(say("header.not-said")));
});

test("Outlook: spam, a wrong clock, and a sender that nothing proves", async (t) => {
  const page = await openPage(t, "", { axe: true });
  await explain(page, OUTLOOK);
  const found = await remarks(page);
  for (const remark of ["spam", "comp-auth", "unsigned", "no-message-id", "no-one-click"])
    assert.ok(found.includes(remark), `${remark} in ${found}`);
  const way = await page.locator("#way").innerText();
  const clocks = {
    time: say("header.time.ms", { a: 1, b: 10 }),
    a: "mail.listed-shop.example",
    b: "AM6EUR05FT012.mail.protection.outlook.com",
  };
  assert.ok(way.includes(say("header.way.skew", clocks)), way);
  assert.ok(way.includes(say("header.hop.internal")), way);
  const chips = await page.locator(".chips .chip code").allInnerTexts();
  for (const chip of ["11.22.33.44", "listed-shop.example", "news.listed-shop.example", "mail.listed-shop.example"])
    assert.ok(chips.includes(chip), `${chip} in ${chips}`);
  await compare(page);
  const all = await rows(page).allInnerTexts();
  assert.equal(all.length, 2);
  assert.ok(all[0].includes("news.listed-shop.example") && all[0].includes(say("header.result.fail")), all[0]);
  assert.ok(all[1].includes("listed-shop.example"), all[1]);
  await assertAccessible(page);
});

test("a fact that is left out is not asked about", async (t) => {
  const page = await openPage(t);
  await explain(page, OUTLOOK);
  const chip = page.locator(".chip", { hasText: "news.listed-shop.example" });
  await chip.locator("button").focus();
  await page.keyboard.press("Enter");
  await page.locator(".chip[data-off]").waitFor();
  await compare(page);
  const asked = (await front.log()).map(question);
  assert.equal(asked.some((one) => one.startsWith("news.")), false);
});

test("a lookup that fails is said to be that, and can be tried again", async (t) => {
  const key = "2026._domainkey.selfhosted.example";
  await front.reset({ names: { [key]: "servfail" } });
  const page = await openPage(t);
  await explain(page, GMAIL);
  await compare(page);
  const dkim = rows(page).nth(1);
  assert.ok((await dkim.innerText()).includes(say("header.key.failed")));
  assert.ok((await dkim.innerText()).includes(say("header.why.cannot-ask")));
  await front.reset();
  await page.locator("#compared").getByRole("button", { name: say("ui.retry"), exact: true }).click();
  await rows(page).nth(1).getByText(say("header.key.usable")).waitFor();
});

test("what is known is drawn while the rest is awaited", async (t) => {
  await front.reset({ names: { "2026._domainkey.selfhosted.example": "hold" } });
  const page = await openPage(t);
  await explain(page, GMAIL);
  await button(page, "bounce.check").click();
  await rows(page).first().getByText(say("header.why.mended-since")).waitFor();
  assert.ok((await rows(page).nth(1).innerText()).includes(say("bounce.now.running")));
  assert.ok((await rows(page).nth(2).innerText()).includes(say("bounce.now.running")));
  await front.release();
  await rows(page).nth(2).getByText(say("header.why.same")).waitFor();
});

test("a returned mail shows the way of the message that came back", async (t) => {
  const page = await openPage(t);
  const report = `From: MAILER-DAEMON@mail.selfhosted.example
To: anna.secret@selfhosted.example
Message-ID: <2@mail.selfhosted.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

<bob@shop.example>: host mx.shop.example[11.22.33.1] said: 550 5.7.1 Client host [11.22.33.10] blocked using zen.spamhaus.org

--b
Content-Type: message/rfc822

Received: from laptop.local (unknown [192.168.1.5]) by mail.selfhosted.example (Postfix) with ESMTPSA id 4; Fri, 20 Nov 2026 01:08:36 +0000
DKIM-Signature: v=1; a=ed25519-sha256; d=selfhosted.example; s=2026; h=from; bh=x; b=y
From: anna.secret@selfhosted.example
Message-ID: <1@selfhosted.example>
Date: Fri, 20 Nov 2026 01:08:30 +0000

hello
--b--
`;
  await explain(page, report);
  assert.equal(await page.locator(".verdict").count(), 1);
  assert.equal(await hops(page).count(), 1);
  await compare(page);
  assert.ok((await page.locator("#compared").innerText()).includes(say("header.key.usable")));
});

test("a long way is folded, and opened with the keyboard", async (t) => {
  const page = await openPage(t);
  const line = (n) =>
    `Received: from a${n}.shop.example (a${n}.shop.example [11.22.33.${n % 200}]) by b${n}.shop.example with ESMTPS id x; Fri, 20 Nov 2026 01:12:38 +0000\n`;
  const many = Array.from({ length: 10_000 }, (_, n) => line(n)).join("");
  const text = `${many}From: a@selfhosted.example\nMessage-ID: <1@selfhosted.example>\n`;
  await button(page, "ui.paste.open").click();
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.locator("#paste").focus();
  await page.keyboard.press("Control+V");
  await page.locator("#explained").waitFor();
  assert.equal(await page.locator("#paste").count(), 0, "a browser takes seconds to lay that out");
  await page.getByText(say("ui.paste.long", { n: Math.floor(text.length / 1000) })).waitFor();
  assert.equal(await hops(page).count(), 200);
  assert.equal(await hops(page).first().isVisible(), false);
  await page.locator("#way summary").focus();
  await page.keyboard.press("Enter");
  await hops(page).first().waitFor();
});
