// Step 5: is there a connection, whom to turn to, and a message that is ready to send.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { assertAccessible, check, codes, finished, front, openPage } from "./lib/harness.mjs";
import { button, clipboard, failedRequests, go, say, unfold, until } from "./lib/page.mjs";

beforeEach(() => front.reset());

const LANGUAGES = ["en", "zh-Hant"];
/// The tag that a browser of the speakers of each language sends.
const locale = (lang) => (lang === "en" ? "en" : "zh-TW");

/// A server refuses because of a list of its own; recipient and sender are nobody's business.
const REFUSED = `From: MAILER-DAEMON@mx.listed-shop.example
Message-ID: <1@mx.listed-shop.example>
Date: Fri, 20 Nov 2026 09:12:33 +0800

<bob.secret@bakery.example>: host mx.bakery.example[11.22.40.1] said:
452 4.2.2 mailbox of bob.secret is full`;

/// A recipient's domain that does not exist, and nothing about the sender.
const misspelt = (domain) => `550 5.1.2 <bob.secret@${domain}>: Recipient address rejected: Domain not found`;

const step = (page) => page.locator("#step-5");
const text = (page) => page.locator("#ticket-text");
const written = (page) => text(page).inputValue();
const subject = (page) => page.locator(".ticket-subject").innerText();

/// The fields of the link that opens a mail program.
async function mail(page) {
  const href = await page.locator("#ticket-mail").getAttribute("href");
  assert.ok(href.length <= 1800, `${href.length} octets`);
  const [, to, query] = /^mailto:([^?]*)\?(.*)$/.exec(href);
  const fields = Object.fromEntries(query.split("&").map((pair) => pair.split("=").map(decodeURIComponent)));
  return { href, to: decodeURIComponent(to), ...fields };
}

async function opened(t, lang = "en", options = {}) {
  const { hash = "", ...rest } = options;
  const page = await openPage(t, hash, { lang: locale(lang), ...rest });
  if (hash.includes("check/")) {
    await finished(page);
    await page.locator("#step-5 > details > summary").click();
  }
  return page;
}

async function write(page) {
  await page.locator("#ticket > summary").click();
  await text(page).waitFor();
}

async function paste(page, error, lang = "en") {
  await button(page, "ui.paste.open", {}, lang).click();
  await page.locator("#paste").fill(error);
  await button(page, "ui.paste.read", {}, lang).click();
  await page.locator(".verdict").first().waitFor();
}

describe("the message", () => {
  for (const lang of LANGUAGES) {
    test(`goes to the operator of the list that holds the address, in ${lang}`, async (t) => {
      const page = await opened(t, lang, {
        hash: check("listed-shop.example", { ip: "11.22.33.44", lang }),
        axe: true,
      });
      await write(page);
      assert.match(await page.locator("#ticket-party").inputValue(), /^list:/);
      const body = await written(page);
      for (const part of ["listed-shop.example", "11.22.33.44", "BL-010", "44.33.22.11.", "127.0.0.2", "UTC"])
        assert.ok(body.includes(part), `${part}: ${body}`);
      assert.ok(body.includes(say("ticket.clean", {}, lang)) && body.includes(say("ticket.unknown", {}, lang)));
      assert.doesNotMatch(body, /\{\w+\}|ticket\.|finding\.|bounce\./);
      assert.ok((await subject(page)).includes("11.22.33.44"));
      const link = await mail(page);
      assert.equal(link.to, "");
      assert.ok((await subject(page)).endsWith(link.subject));
      assert.ok(link.body.endsWith(`\r\n${say("ticket.mail.rest", {}, lang)}`), link.body);
      assert.ok(body.startsWith(link.body.split("\r\n")[0]));

      await button(page, "ticket.copy", {}, lang).click();
      await until(page, () => document.querySelector(".toast")?.textContent);
      assert.ok((await clipboard(page)).endsWith(body));
      await unfold(page);
      await assertAccessible(page, { where: "#step-5", both: true });
    });

    test(`needs no check and names nobody until that is wanted, in ${lang}`, async (t) => {
      const page = await opened(t, lang, { axe: true, width: 320 });
      await paste(page, REFUSED, lang);
      await button(page, "bounce.write", {}, lang).first().click();
      await text(page).waitFor();
      assert.equal(await page.locator("#ticket-party").inputValue(), "postmaster");
      const bare = await written(page);
      assert.doesNotMatch(bare, /bob|secret|anna/i);
      assert.ok(bare.includes("452 4.2.2") && bare.includes("2026-11-20 01:12 UTC"), bare);
      assert.match(await page.locator("#ticket-since").inputValue(), /2026-11-20 01:12 UTC/);
      const link = await mail(page);
      assert.equal(link.to, "postmaster@bakery.example");
      assert.doesNotMatch(decodeURIComponent(link.href), /bob|secret/i);

      await page.locator("#ticket-people").check();
      await until(page, () => document.querySelector("#ticket-text").value.includes("bob.secret@bakery.example"));
      await page.locator("#ticket-people").uncheck();
      await until(page, () => !document.querySelector("#ticket-text").value.includes("bob"));

      await unfold(page);
      await assertAccessible(page, { where: "#step-5" });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 320, `${wide} px wide`);
      assert.deepEqual(await front.log(), [], "somebody was asked");
      assert.doesNotMatch(page.url(), /bakery|bob/);
      const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
      assert.doesNotMatch(kept, /bakery|bob/);
    });
  }

  test("is a form to fill in where nothing is known", async (t) => {
    const page = await opened(t);
    await write(page);
    assert.ok((await written(page)).split(say("ticket.gap")).length > 3);
    assert.equal(await page.locator("#ticket-party").inputValue(), "mailbox");
    assert.equal(await page.locator("#ticket-people").count(), 0);
    // Chosen here, since nothing was recognised.
    await page.locator("#ticket select").nth(1).selectOption("fastmail");
    await until(page, () => document.querySelector("#ticket-text").value.includes("Fastmail"));
    assert.ok((await page.locator(".where a").allInnerTexts()).includes(say("contact.page.support")));
    await page.locator("#ticket-since").fill("last Friday");
    assert.ok((await written(page)).includes("last Friday"));
  });

  test("is written for the party and in the language that are chosen, and keeps what was typed", async (t) => {
    const page = await opened(t, "en", { hash: check("bakery.example", { ip: "209.85.220.41" }) });
    await write(page);
    await page.locator("#ticket-party").selectOption("mailbox");
    await until(page, (name) => document.querySelector("#ticket-text").value.includes(name), "Google Workspace support");
    const before = await written(page);
    await text(page).press("Control+Home");
    await text(page).pressSequentially("My own words.\n");
    const mine = `My own words.\n${before}`;
    assert.equal(await written(page), mine);

    await page.locator("#ticket-language").selectOption("zh-Hant");
    await until(page, (words) => document.querySelector("#ticket-text")?.value.includes(words), say("ticket.ask", {}, "zh-Hant"));
    assert.ok(!(await written(page)).includes("My own words"));
    assert.equal(await text(page).getAttribute("lang"), "zh-Hant");
    assert.doesNotMatch(await written(page), /\{\w+\}|ticket\.|finding\./);
    await page.locator("#ticket-language").selectOption("en");
    await until(page, () => document.querySelector("#ticket-text").value.startsWith("My own words."));
    assert.equal(await written(page), mine);

    await page.locator("#ticket-party").selectOption("dns-host");
    await until(page, () => !document.querySelector("#ticket-text").value.includes("My own words"));
    assert.ok((await written(page)).includes("Cloudflare"));
    await page.locator("#ticket-party").selectOption("mailbox");
    await until(page, () => document.querySelector("#ticket-text").value.includes("My own words"));

    // What is asked for changes; the text does not, and says so.
    assert.equal(await page.locator(".ticket-out .notice").count(), 0);
    await page.locator("#ticket-since").fill("yesterday");
    await page.getByText(say("ticket.stale")).waitFor();
    assert.equal(await written(page), mine);
    await button(page, "ticket.anew").click();
    assert.ok((await written(page)).includes("yesterday"));
    assert.ok(!(await written(page)).includes("My own words"));
    await button(page, "ticket.back").click();
    assert.equal(await written(page), mine);

    // A check of another domain leaves it alone too.
    await go(page, check("listed-shop.example", { ip: "11.22.33.44" }));
    await finished(page);
    await unfold(page);
    await page.locator("#ticket-party").selectOption("mailbox");
    assert.equal(await written(page), mine);
    await button(page, "ticket.anew").click();
    assert.ok((await written(page)).includes("listed-shop.example"));
  });

  test("is reached and written with the keyboard alone", async (t) => {
    const page = await opened(t, "en", { hash: check("bakery.example") });
    await page.locator("#ticket > summary").focus();
    await page.keyboard.press("Enter");
    await text(page).waitFor();
    const seen = [];
    for (let at = 0; at < 20 && seen.at(-1) !== "ticket-mail"; at += 1) {
      await page.keyboard.press("Tab");
      seen.push(await page.evaluate(() => document.activeElement.id || document.activeElement.textContent));
    }
    for (const id of ["ticket-party", "ticket-language", "ticket-since", "ticket-text", say("ticket.copy"), "ticket-mail"])
      assert.ok(seen.includes(id), `${id}: ${seen}`);
    await text(page).focus();
    await page.keyboard.type("x");
    assert.ok((await written(page)).includes("x"));
  });
});

describe("the first question", () => {
  const lines = (page) =>
    page.locator("#connection li").evaluateAll((all) => all.map((line) => line.dataset.level));

  test("is answered where all is well", async (t) => {
    const page = await opened(t, "en", { hash: check("bakery.example") });
    assert.deepEqual(await lines(page), ["pass", "pass", "pass"]);
    assert.ok((await codes(page)).includes("CON-010"));
    const log = await front.log();
    const asked = log.filter(({ name }) => name.endsWith("gmail.com")).map(({ name, type }) => `${name} ${type}`);
    assert.deepEqual([...asked].sort(), ["smtp-relay.gmail.com A", "smtp.gmail.com A"], "each once, and no more");
    const shown = await page.locator("#connection").innerText();
    assert.match(shown, /\d+ of \d+ lookups/);
  });

  test("is not answered by a resolver that is dead", async (t) => {
    await front.reset({ all: "drop" });
    const page = await opened(t, "en", { hash: check("bakery.example"), allow: failedRequests });
    assert.deepEqual((await lines(page)).slice(0, 2), ["unknown", "unknown"]);
    assert.ok((await page.locator("#connection").innerText()).includes(say("contact.resolver.none")));
    await write(page);
    const body = await written(page);
    assert.ok(body.includes(say("ticket.unknown")), body);
    assert.ok(!body.includes(say("ticket.clean")), "nothing was ruled out");
  });

  test("names of a provider that cannot be looked up are not said to be down", async (t) => {
    await front.reset({ names: { "smtp.gmail.com": "servfail" } });
    const page = await opened(t, "en", { hash: check("bakery.example") });
    assert.deepEqual(await lines(page), ["pass", "pass", "unknown"]);
    const all = await codes(page);
    assert.ok(all.includes("CON-030") && !all.includes("CON-010") && !all.includes("CON-020"), all.join(" "));
  });

  test("a browser without a network says so", async (t) => {
    const page = await opened(t, "en", { hash: check("bakery.example"), allow: failedRequests });
    await page.context().setOffline(true);
    await until(page, () => document.querySelector("#connection li").dataset.level === "stops");
  });
});

describe("whom to turn to", () => {
  test("provider, DNS host and the lists that hold the address, each with its pages", async (t) => {
    const page = await opened(t, "en", { hash: check("bakery.example") });
    const parties = await page.locator("[data-party]").evaluateAll((all) => all.map((one) => one.dataset.party));
    assert.deepEqual(parties, ["mailbox", "dns-host"]);
    const links = page.locator('[data-party="mailbox"] .pages a');
    assert.equal(await links.first().getAttribute("href"), "https://www.google.com/appsstatus/dashboard/");
    for (const link of await page.locator(".parties a").all()) {
      assert.match(await link.getAttribute("href"), /^https:/);
      assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
    }
    await go(page, check("listed-shop.example", { ip: "11.22.33.44" }));
    await finished(page);
    const list = page.locator('[data-party="list:spamcop"]');
    assert.ok((await list.locator("a").last().getAttribute("href")).startsWith("https://"));
  });
});

describe("a recipient's domain", () => {
  const claim = (page) => page.locator(".claims > li").first();

  for (const [what, domain, now] of [
    ["does not exist", "bakrey.example", "still"],
    ["takes mail by now", "bakery.example", "gone"],
    ["could not be looked up", "servfail.example", "unknown"],
  ]) {
    test(`${what}: checked when the user says so, and in no link`, async (t) => {
      const page = await opened(t);
      await paste(page, misspelt(domain));
      assert.equal(await claim(page).getAttribute("data-now"), "not-checked");
      assert.deepEqual(await front.log(), []);
      await button(page, "bounce.check").click();
      await finished(page);
      assert.equal(await claim(page).getAttribute("data-now"), now);
      assert.doesNotMatch(page.url(), /bakery|bakrey|servfail|bob/);
      const asked = (await front.log()).map(({ name }) => name);
      assert.ok(asked.length > 0 && asked.every((name) => !name.includes("secret")), asked.join(" "));
    });
  }

  test("left out, it is not asked about", async (t) => {
    const page = await opened(t);
    await paste(page, `From: a@listed-shop.example\n${misspelt("bakrey.example")}`);
    const drop = page.locator(".chips .chip", { hasText: "bakrey.example" }).locator("button");
    await drop.click();
    await button(page, "bounce.check").click();
    await finished(page);
    assert.equal(await claim(page).getAttribute("data-now"), "not-checked");
    assert.ok((await front.log()).every(({ name }) => !name.includes("bakrey")));
  });
});

test("an example says whom to turn to, and asks nobody", async (t) => {
  const page = await openPage(t, "#/example/healthy");
  await finished(page);
  await page.locator("#step-5 > details > summary").click();
  assert.equal(await page.locator("#connection").count(), 0);
  await step(page).locator("[data-party=mailbox]").waitFor();
  await write(page);
  assert.ok((await written(page)).includes("willow-bakery.example"));
  assert.deepEqual(await front.log(), []);
});
