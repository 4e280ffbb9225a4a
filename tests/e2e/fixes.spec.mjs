// From a finding to a record that can be pasted: what each host's form gets, and records that are put together.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { assertAccessible, check, finished, front, openPage } from "./lib/harness.mjs";
import { button, clipboard, failedRequests, go, routed, say, texts, unfold, until } from "./lib/page.mjs";

beforeEach(() => front.reset());

/// The finding, unfolded.
async function opened(page, code) {
  await finished(page);
  const finding = page.locator(`.finding[data-code="${code}"]`).first();
  await page.locator("#step-4 > details").evaluate((step) => (step.open = true));
  await finding.evaluate((one) => (one.open = true));
  return finding;
}

/// What the buttons of the form's fields copy: field to text; a field that stays empty has none.
async function copied(page, part) {
  const fields = {};
  for (const row of await part.locator(".paste [data-field]").all()) {
    const field = await row.getAttribute("data-field");
    const copy = row.getByRole("button");
    if ((await copy.count()) === 0) {
      fields[field] = "";
      continue;
    }
    await page.evaluate(() => navigator.clipboard.writeText("nothing"));
    await copy.click();
    await row.getByRole("button", { name: say("ui.copy.done"), exact: true }).waitFor();
    fields[field] = await clipboard(page);
  }
  return fields;
}

/// Waits until the record that is put together was checked.
const built = (page) => page.locator('[data-build="done"]').waitFor();

/// The text of that record.
const record = (page) => page.locator(".built > .record > code").first().innerText();

/// Waits until it is this one, and checked.
async function becomes(page, text) {
  await until(
    page,
    (text) => document.querySelector(".built[data-build=done] > .record > code")?.textContent === text,
    text,
  );
}

const answer = (page, value) => page.locator(`.build input[value="${value}"]`);

describe("a fix is written as the form of the host wants it", () => {
  test("one of several hosts: which one comes before anything is taken away", async (t) => {
    // The name servers of the local DNS stand for those that several hosts share.
    const opening = (page) =>
      page.route("**/dns-hosts*.json*", async (route) => {
        const response = await route.fetch();
        const json = await response.json();
        const { ns } = json.hosts.find(({ id }) => id === "cloudflare");
        const share = (host) => (host.oneOf ? { ...host, ns } : host.id === "cloudflare" ? { ...host, ns: [] } : host);
        await route.fulfill({ response, json: { ...json, hosts: json.hosts.map(share) } });
      });
    const page = await openPage(t, check("bookshop.example"), { opened: opening });
    const finding = await opened(page, "SPF-190");
    const steps = finding.locator(".howto > li");
    assert.equal(await finding.locator("select").inputValue(), "");
    assert.equal(await steps.count(), 1);
    await finding.locator("select").selectOption("google-cloud");
    await finding.locator(".paste").first().waitFor();
    assert.ok((await steps.count()) > 2);
  });

  test("Cloudflare: the sign for the domain, text as it is", async (t) => {
    const page = await openPage(t, check("bookshop.example"));
    const finding = await opened(page, "SPF-190");
    assert.equal(await finding.locator("select").inputValue(), "cloudflare");
    assert.ok((await finding.innerText()).includes(texts.en["host.cloudflare.path"]));
    assert.deepEqual(await copied(page, finding), {
      type: "TXT",
      name: "@",
      value: "v=spf1 include:_spf.google.com include:sendgrid.net ip4:11.22.35.7 ~all",
      ttl: "3600",
    });
    assert.equal(await finding.locator("del").innerText(), "?all");
    assert.equal(await finding.locator("ins").innerText(), "~all");
    const below = await opened(page, "DMA-010");
    const { name, value } = await copied(page, below);
    assert.equal(name, "_dmarc");
    assert.equal(value, "v=DMARC1; p=none");
  });

  test("Amazon: no name for the domain, quotes, and long text in pieces", async (t) => {
    const page = await openPage(t, check("florist.example"));
    const finding = await opened(page, "SPF-090");
    assert.equal(await finding.locator("select").inputValue(), "route53");
    assert.ok((await finding.innerText()).includes(say("fix.name.leave-empty")));
    const { name, value } = await copied(page, finding);
    assert.equal(name, "");
    const pieces = value.match(/"[^"]*"/g).map((piece) => piece.slice(1, -1));
    assert.equal(value, pieces.map((piece) => `"${piece}"`).join(" "));
    assert.equal(pieces[0].length, 255);
    assert.match(pieces.join(""), /^v=spf1 include:_spf.google.com .* ip6:2a0b:1234:35::\/64 ~all$/);
    assert.ok((await finding.innerText()).includes(say("fix.lookups", { before: 16, after: 9 })));
    // As long as the resolver still remembers it, which is less than the hour of the zone once it was asked.
    const [before, after] = say("fix.wait.known", { time: "|" }).split("|");
    const wait = (await finding.locator(".howto > li").last().innerText()).split(before)[1].split(after)[0];
    assert.match(wait, /^([1-9]|[1-5]\d|60) minutes?$/);
  });

  test("Hurricane Electric: whole names", async (t) => {
    const page = await openPage(t, check("choir.example"));
    const finding = await opened(page, "DMA-010");
    const { name, value } = await copied(page, finding);
    assert.equal(name, "_dmarc.choir.example");
    assert.equal(value, '"v=DMARC1; p=none"');
  });

  test("a host that nobody knows: the user says where, and it stays said", async (t) => {
    const page = await openPage(t, check("no-all.example"));
    const finding = await opened(page, "SPF-200");
    assert.equal(await finding.locator("select").inputValue(), "?");
    assert.ok((await finding.innerText()).includes("ns1.dns-host.test"));
    assert.equal((await copied(page, finding)).name, "@");
    await finding.locator("select").selectOption("ovh");
    assert.equal((await copied(page, finding)).name, "");
    const other = await opened(page, "DMA-010");
    assert.equal(await other.locator("select").inputValue(), "ovh");
    assert.equal((await copied(page, other)).name, "_dmarc");
    // Another domain is kept elsewhere.
    await go(page, check("bookshop.example"));
    await opened(page, "SPF-190");
    assert.equal(await page.locator(".finding[data-code=SPF-190] select").inputValue(), "cloudflare");
  });

  test("and the button at the end looks again", async (t) => {
    const page = await openPage(t, check("bookshop.example"));
    const finding = await opened(page, "SPF-190");
    const before = (await front.log()).length;
    await finding.getByRole("button", { name: say("ui.again"), exact: true }).click();
    await until(page, () => document.querySelector("[data-state=running]") !== null);
    await finished(page);
    assert.ok((await front.log()).length > before);
  });
});

describe("an SPF record is put together", () => {
  test("from the one that stands there, and checked before it is published", async (t) => {
    const page = await openPage(t, check("bookshop.example"));
    await finished(page);
    await page.locator("#step-4 > details").evaluate((step) => (step.open = true));
    await routed(page, () => page.locator('.links a[href="#/build/spf/bookshop.example"]').click());
    await built(page);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "build-title");
    assert.equal(await record(page), "v=spf1 include:_spf.google.com include:sendgrid.net ip4:11.22.35.7 ?all");
    assert.ok(await answer(page, "google-workspace").isChecked());
    assert.ok(await answer(page, "sendgrid").isChecked());
    assert.equal(await page.locator("#build-own-servers").inputValue(), "11.22.35.7");
    assert.equal(await page.locator(".built .finding").getAttribute("data-code"), "SPF-190");

    await answer(page, "softfail").check();
    await answer(page, "sendgrid").uncheck();
    await answer(page, "mx").check();
    const text = "v=spf1 include:_spf.google.com ip4:11.22.35.7 mx ~all";
    await becomes(page, text);
    assert.ok((await page.locator(".cost").innerText()).includes(say("build.cost", { count: 5 })));
    assert.ok((await page.locator(".built").innerText()).includes(say("build.fine")));
    assert.equal((await copied(page, page.locator(".built"))).value, text);
    await page.getByRole("status").getByText(say("build.fine")).waitFor({ state: "attached" });

    // A service that nobody asked about yet is looked up now.
    await front.reset();
    await page.locator("#build-service").fill("_spf.hosting.test");
    await page.locator("#build-service").press("Enter");
    await becomes(page, "v=spf1 include:_spf.google.com ip4:11.22.35.7 mx include:_spf.hosting.test ~all");
    assert.ok((await page.locator(".cost").innerText()).includes(say("build.cost", { count: 6 })));
    const asked = (await front.log()).map(({ name, type }) => `${name} ${type}`);
    assert.deepEqual(asked, ["_spf.hosting.test TXT"]);

    // One that has no record is found out before it does harm.
    await page.locator("#build-service").fill("include:gone.example");
    await button(page, "build.service.add").click();
    await page.locator('.built[data-build=done] .finding[data-code="SPF-130"]').waitFor();
    await answer(page, "gone.example").uncheck();
    await becomes(page, "v=spf1 include:_spf.google.com ip4:11.22.35.7 mx include:_spf.hosting.test ~all");

    // Back at the results nothing has to be asked again.
    await front.reset();
    await routed(page, () => page.locator('.build a[href="#/check/bookshop.example"]').click());
    await finished(page);
    assert.equal(await page.locator('.finding[data-code="SPF-190"]').count(), 1);
  });

  test("with too many lookups: what is proposed to go is unticked, and what stays is chosen", async (t) => {
    const page = await openPage(t, check("grown.example"));
    const finding = await opened(page, "SPF-090");
    const proposed = (await copied(page, finding)).value;
    assert.equal(await finding.getByText(say("fix.builder"), { exact: true }).count(), 0);
    await routed(page, () => finding.getByRole("link", { name: say("fix.choose"), exact: true }).click());
    await built(page);
    assert.equal(await page.evaluate(() => location.hash), "#/build/spf/grown.example?slim=1");
    assert.equal(await record(page), proposed);
    const cost = (count) => page.locator(".built .cost", { hasText: say("build.cost", { count }) }).waitFor();
    await cost(9);

    // Unticked is what goes, asked about once; ticked is what stays.
    const all = await page.locator(".build input[type=checkbox]").evaluateAll((all) => all.map((one) => one.value));
    assert.equal(new Set(all).size, all.length, all.join(" "));
    assert.equal(await page.locator(".build input[name=given-up]:checked").count(), 0);
    assert.equal(await page.locator(".build input[name=given-up]").count(), 2);
    for (const id of ["google-workspace", "sendgrid", "microsoft365", "mailchimp", "zendesk"]) {
      assert.ok(await answer(page, id).isChecked(), id);
    }

    // Back at its place, and the lookups are counted again.
    await answer(page, "a:shop.grown.example").check();
    const back = proposed.replace("google.com", "google.com a:shop.grown.example");
    await becomes(page, back);
    await cost(10);
    assert.equal(await page.locator("#build-own-servers").inputValue(), "11.22.36.64/28, shop.grown.example");
    await answer(page, "a").check();
    await page.locator('.built[data-build=done] .finding[data-code="SPF-090"]').waitFor();
    await cost(11);
    assert.equal(await page.locator(".build").getByText(say("fix.choose"), { exact: true }).count(), 0);

    // What goes instead is for the reader to say.
    await answer(page, "a").uncheck();
    await answer(page, "zendesk").uncheck();
    const chosen = back.replace(" include:mail.zendesk.com", "");
    await becomes(page, chosen);
    await cost(9);
    assert.equal((await copied(page, page.locator(".built"))).value, chosen);
  });

  test("begun for a domain without mail, it refuses nobody who may have been forgotten once somebody sends", async (t) => {
    const page = await openPage(t, "#/build/spf/no-mail.example");
    await becomes(page, "v=spf1 -all");
    await answer(page, "mx").check();
    await becomes(page, "v=spf1 mx ~all");
  });

  test("what nobody asks about stays, and can be taken out", async (t) => {
    const page = await openPage(t, "#/build/spf/macros.example");
    await built(page);
    const before = await record(page);
    const kept = page.locator(".build input[name=kept]");
    assert.ok((await kept.count()) > 0);
    const term = await kept.first().getAttribute("value");
    assert.ok(before.includes(term));
    await kept.first().uncheck();
    await becomes(page, before.replace(` ${term}`, ""));
    await kept.first().check();
    await until(page, (term) => document.querySelector(".built code").textContent.includes(term), term);
  });

  test("nothing typed is lost, and what is wrong is said in a sentence", async (t) => {
    for (const [lang, tag] of [
      ["en", "en"],
      ["zh-TW", "zh-Hant"],
    ]) {
      const page = await openPage(t, "#/build/spf/no-spf.example", { lang });
      await built(page);
      const own = page.locator("#build-own-servers");
      await own.fill("11.22.33.4 nonsense 10.0.0.1");
      await own.press("Tab");
      await page.getByRole("alert").getByText(say("build.own.error", { text: "nonsense" }, tag)).waitFor();
      assert.equal(await own.inputValue(), "11.22.33.4 nonsense 10.0.0.1");
      assert.equal(await own.getAttribute("aria-invalid"), "true");
      assert.match(await record(page), / ip4:11\.22\.33\.4 ~all$/);
      await own.fill("11.22.33.4 10.0.0.1");
      await own.press("Tab");
      await page.getByRole("alert").getByText(say("build.own.private", { text: "10.0.0.1" }, tag)).waitFor();
      const service = page.locator("#build-service");
      await service.fill("not a name");
      await service.press("Enter");
      await page.getByRole("alert").getByText(say("build.service.error", { text: "not a name" }, tag)).waitFor();
      assert.equal(await service.inputValue(), "not a name");
    }
  });

  test("not before it is known what stands there", async (t) => {
    await front.reset({ names: { "bookshop.example": "servfail" } });
    const page = await openPage(t, "#/build/spf/bookshop.example", { allow: failedRequests });
    await page.getByText(say("build.failed")).waitFor();
    assert.equal(await page.locator(".built").count(), 0);
    await front.reset();
    await button(page, "ui.retry").click();
    await built(page);
    assert.match(await record(page), /^v=spf1 include:_spf\.google\.com/);
  });
});

describe("a DMARC record is put together", () => {
  test("step by step, and what would do harm is said", async (t) => {
    const page = await openPage(t, "#/build/dmarc/bookshop.example");
    await built(page);
    assert.equal(await record(page), "v=DMARC1; p=none");
    await page.locator("#build-addresses").fill("dmarc@bookshop.example");
    await becomes(page, "v=DMARC1; p=none; rua=mailto:dmarc@bookshop.example");
    await answer(page, "reject").first().check();
    await becomes(page, "v=DMARC1; p=reject; rua=mailto:dmarc@bookshop.example");
    assert.equal((await copied(page, page.locator(".built"))).name, "_dmarc");
    await page.locator("#build-addresses").fill("dmarc@bookshop.example, nobody");
    await page.locator("#build-addresses").press("Tab");
    await page.getByRole("alert").getByText(say("build.addresses.error", { text: "nobody" })).waitFor();
    assert.equal(await record(page), "v=DMARC1; p=reject; rua=mailto:dmarc@bookshop.example");
  });

  test("begun for a domain without mail, it refuses nobody once it is said who sends", async (t) => {
    const page = await openPage(t, "#/build/dmarc/mx-null-preference.example");
    await becomes(page, "v=DMARC1; p=reject");
    await go(page, check("mx-null-preference.example", { ip: "11.22.33.10" }));
    await finished(page);
    await go(page, "#/build/dmarc/mx-null-preference.example");
    await becomes(page, "v=DMARC1; p=none");
  });

  test("an address for reports is proposed where mail is received, and taken by a press", async (t) => {
    const page = await openPage(t, "#/build/dmarc/selfhosted.example");
    await built(page);
    await page.locator("#build-addresses").fill("");
    await becomes(page, (await record(page)).replace(/; rua=[^;]*/, ""));
    const address = "postmaster@selfhosted.example";
    const propose = page.getByRole("button", { name: say("build.addresses.propose", { address }), exact: true });
    assert.ok(!(await record(page)).includes("rua="), "in the record before it was taken");
    await propose.click();
    await until(page, (uri) => document.querySelector(".built code").textContent.includes(uri), `rua=mailto:${address}`);
    assert.equal(await page.locator("#build-addresses").inputValue(), address);
    assert.equal(await propose.count(), 0);
    // Nobody would read it where no mail is received.
    await go(page, "#/build/dmarc/parked.example");
    await built(page);
    await page.locator("#build-addresses").fill("");
    await until(page, () => !document.querySelector(".built code").textContent.includes("rua="));
    assert.equal(await page.getByRole("button", { name: /postmaster@/ }).count(), 0);
  });

  test("by keyboard alone", async (t) => {
    const page = await openPage(t, "#/build/dmarc/florist.example");
    await built(page);
    assert.equal(await record(page), "v=DMARC1; p=none; rua=mailto:dmarc@florist.example");
    await page.locator(".build a").first().focus();
    // The record that stands there, then the first question.
    for (let presses = 0; presses < 6; presses += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement.name === "policy")) break;
    }
    await page.keyboard.press("ArrowDown");
    await becomes(page, "v=DMARC1; p=quarantine; rua=mailto:dmarc@florist.example");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await becomes(page, "v=DMARC1; p=quarantine; rua=mailto:dmarc@florist.example; t=y");
  });
});

describe("these pages can be used by everybody", () => {
  for (const [hash, lang] of [
    ["#/build/spf/florist.example", "en"],
    ["#/build/dmarc/bookshop.example", "zh-TW"],
  ]) {
    test(`${hash} in ${lang}: axe, both colours, 320 px`, async (t) => {
      const page = await openPage(t, hash, { axe: true, lang });
      await built(page);
      await unfold(page);
      await assertAccessible(page, { both: true });
      await page.setViewportSize({ width: 320, height: 700 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 320, `${wide} px wide`);
      const shown = await page.locator("main").innerText();
      assert.equal(/\b(build|fix|host|finding)\.[a-z]+/.test(shown), false, "a key in place of a text");
    });
  }

  test("a fix at 320 px", async (t) => {
    const page = await openPage(t, check("florist.example"), { axe: true });
    const finding = await opened(page, "SPF-090");
    await page.setViewportSize({ width: 320, height: 700 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 320, `${wide} px wide`);
    assert.ok(await finding.locator(".paste").isVisible());
    await assertAccessible(page);
  });
});
