// The answer first: after a check, a link or "Explain it", what is wrong and what to do about it stand on the first screen.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { check, finished, front } from "./lib/harness.mjs";
import { button, onePage, until } from "./lib/page.mjs";

before(() => front.reset());

const SCREENS = [
  { width: 360, height: 740, causes: 1 },
  { width: 1280, height: 900, causes: 3 },
];

const CHECKS = [
  "#/example/healthy",
  "#/example/broken",
  ...[
    "too-many-lookups.example",
    "listed-shop.example",
    "parked.example",
    "servfail.example",
    "says-no-mail.example",
    "selfhosted.example",
    "nine-lookups.example",
    "void-lookups.example",
    "bakery.example",
    "florist.example",
  ].map((domain) => check(domain)),
];

/// Errors as senders get them.
const MESSAGES = {
  "Gmail wants authentication": `<bob@gmail.com>: host gmail-smtp-in.l.google.com[142.250.1.26] said:
550-5.7.26 Your email has been blocked because the sender is unauthenticated.
550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.
550-5.7.26 Authentication results: DKIM = did not pass, SPF [listed-shop.example] with ip: [11.22.33.44] = did not pass`,
  "Outlook wants authentication": `550 5.7.515 Access denied, sending domain listed-shop.example does not meet the required authentication level.`,
  "a list, by way of Microsoft 365": `Remote server returned '550 5.7.1 Service unavailable, Client host [11.22.33.44] blocked using Spamhaus. To request removal from this list see https://www.spamhaus.org/query/ip/11.22.33.44 (AS16012609)'`,
  "a full mailbox": `<anna@example.org>: host mx.example.org[192.0.2.7] said: 552 5.2.2 Mailbox full: The email account that you tried to reach is over quota`,
  "passwords are no longer taken": `535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [BN9PR03CA0001.namprd03.prod.outlook.com]`,
  "a Chinese report": `很抱歉，您寄給 anna@example.org 的郵件無法送達。\n錯誤訊息：550 5.1.1 收件者不存在 (User unknown)`,
};

/// What of these elements does not lie on the screen whole, and on top.
const unseen = (page, selectors) =>
  page.evaluate((selectors) => {
    const missing = [];
    for (const [selector, at] of selectors) {
      const element = document.querySelectorAll(selector)[at];
      const { top, bottom, left, right } = element?.getBoundingClientRect() ?? {};
      const onTop = element?.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
      // Views scroll by whole pixels.
      if (!(top > -1 && bottom <= innerHeight && onTop)) missing.push(`${selector} ${at}: ${top} to ${bottom}`);
    }
    return missing;
  }, selectors);

for (const { width, height, causes } of SCREENS) {
  describe(`at ${width} x ${height}`, () => {
    const visit = onePage({ width, height });
    for (const hash of CHECKS) {
      test(`${hash}: what was checked, the headline, the first causes and what to do`, async (t) => {
        const page = await visit(t, hash);
        await finished(page);
        await until(page, () => document.activeElement?.id === "headline");
        const there = Math.min(causes, await page.locator(".causes > li > a").count());
        const rows = Array.from({ length: there }, (_, at) => [
          [".causes > li > a", at],
          [".causes .go", at],
        ]);
        const wanted = [[".asked-line", 0], ["#headline", 0], ...rows.flat()];
        assert.deepEqual(await unseen(page, wanted), []);
      });
    }

    for (const [name, text] of Object.entries(MESSAGES)) {
      test(`${name}: what happened and what to do`, async (t) => {
        const page = await visit(t, "#/");
        await button(page, "ui.paste.open").click();
        await page.locator("#paste").fill(text);
        await button(page, "ui.paste.read").click();
        await until(page, () => document.activeElement?.id === "explained");
        const wanted = [".asked-line", ".verdict .said", ".verdict .advice"];
        // Where checks tell what has to be done, their button is what to press next.
        if (await page.locator(".verdict .chips-box").count()) wanted.push(".verdict .chips-box .primary");
        assert.deepEqual(await unseen(page, wanted.map((selector) => [selector, 0])), []);
        await button(page, "ui.close").click();
      });
    }
  });
}
