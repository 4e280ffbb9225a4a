// What a second resolver says, held against what the first one said.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { assertAccessible, check, finished, front, openPage } from "./lib/harness.mjs";
import { button, failedRequests, file, isList, say, texts, until } from "./lib/page.mjs";

beforeEach(() => front.reset());

const { chain, resolvers } = file("data/resolvers.json");
const [first, second, third] = chain.map((id) => resolvers.find((resolver) => resolver.id === id));
const hostOf = ({ url }) => new URL(url).hostname;
const [FIRST, SECOND, THIRD] = [first, second, third].map(hostOf);
const DOMAIN = "bakery.example";
const panel = (page) => page.locator("#second");

/// Presses the button below the results, and waits until both have said everything.
async function asked(page, lang = "en") {
  await finished(page);
  await button(page, "opinion.ask", {}, lang).press("Enter");
  await until(page, () => document.activeElement?.id === "second");
  return compared(page);
}

async function compared(page) {
  await panel(page).locator('[data-opinion="done"]').waitFor();
  return panel(page).innerText();
}

/// Why they differ, each reason once, with the lookups in which they do.
async function differences(page) {
  const found = await panel(page)
    .locator("[data-difference]")
    .evaluateAll((sections) =>
      sections.map((section) => [
        section.dataset.difference,
        [...section.querySelectorAll(".record-label")].map((label) => label.textContent),
      ]),
    );
  return Object.fromEntries(found);
}

const checks = (page) =>
  panel(page).locator("[data-check]").evaluateAll((rows) => rows.map((row) => row.dataset.check));

for (const lang of ["en", "zh-Hant"]) {
  test(`two that agree are said to, and no list is asked of the second: ${lang}`, async (t) => {
    const page = await openPage(t, check(DOMAIN, { lang }), { lang, axe: true, width: 360, height: 740 });
    await finished(page);
    const before = (await front.log()).filter(({ name }) => !isList({ name }));
    await front.reset();
    const text = await asked(page, lang);
    const said = texts[lang]["opinion.agree"].split("{n}")[0].replace("{first}", first.name).replace("{second}", second.name);
    assert.ok(text.includes(said), text);
    assert.deepEqual(await differences(page), {});
    const log = await front.log();
    const [again, others] = [FIRST, SECOND].map((host) => log.filter((entry) => entry.host === host));
    assert.deepEqual(again.map(({ name }) => name), ["mail-triage.invalid"], "what the first one said is known");
    assert.equal(others.length + again.length, log.length);
    assert.ok(others.length > 10 && others.length <= before.length + 1, `${others.length} of ${before.length}`);
    assert.deepEqual(others.filter(isList), []);
    assert.ok(others.every(({ inFlight }) => inFlight <= 16));
    await assertAccessible(page, { where: "#second", both: true });
  });
}

test("still spreading: until when is said, by answer and by check", async (t) => {
  await front.reset({ hosts: { [SECOND]: "older-spf" } });
  const page = await openPage(t, check(DOMAIN), { axe: true, width: 360, height: 740 });
  const text = await asked(page);
  const { spreading, ...others } = await differences(page);
  assert.ok(spreading.includes(`${DOMAIN} TXT`), `${spreading}`);
  assert.deepEqual(others, {});
  assert.ok((await checks(page)).includes("spf"));
  assert.ok(text.includes("v=spf1 -all") && text.includes("v=spf1 include:_spf.google.com ~all"), text);
  // Times as the reader's clock has them; one, where both end in the same minute.
  const time = "\\d+:\\d\\d\\s[AP]M";
  const ends = [say("opinion.until", { time }), say("opinion.until.two", { one: time, both: time })];
  assert.match(text, new RegExp(ends.join("|")));
  await assertAccessible(page, { where: "#second", both: true });

  // The old answer is gone meanwhile.
  await front.reset();
  await button(page, "opinion.again").press("Enter");
  await panel(page).locator('[data-opinion="running"]').waitFor();
  await compared(page);
  assert.deepEqual(await differences(page), {});
  const hosts = [...new Set((await front.log()).map(({ host }) => host))].sort();
  assert.deepEqual(hosts, [FIRST, SECOND].sort(), "both are asked again");
});

test("filtered: who withholds it is named", async (t) => {
  await front.reset({ hosts: { [SECOND]: "refused-mx" } });
  const page = await openPage(t, check(DOMAIN), { axe: true });
  const text = await asked(page);
  const { filtered, ...others } = await differences(page);
  assert.ok(filtered.includes(`${DOMAIN} MX`), `${filtered}`);
  assert.deepEqual(others, {});
  assert.ok(text.includes(say("opinion.filtered.text", { name: second.name, other: first.name })), text);
  await assertAccessible(page, { where: "#second", both: true });
});

test("broken signatures: one checks them, the other does not", async (t) => {
  await front.reset({ hosts: { [FIRST]: "bogus" } });
  const page = await openPage(t, check(DOMAIN), { axe: true });
  const text = await asked(page);
  const found = await differences(page);
  assert.ok(found["broken-signatures"].includes(`${DOMAIN} TXT`), JSON.stringify(found));
  assert.ok(text.includes(say("opinion.broken-signatures.text", { name: first.name, other: second.name })), text);
  await assertAccessible(page, { where: "#second", both: true });
});

test("a resolver that rewrites: addresses where there are none", async (t) => {
  await front.reset({ hosts: { [SECOND]: "rewritten-missing" } });
  const page = await openPage(t, check(DOMAIN), { axe: true });
  const text = await asked(page);
  const { rewritten, ...others } = await differences(page);
  assert.ok(rewritten.includes("mail-triage.invalid A"), `${rewritten}`);
  assert.deepEqual(others, {});
  assert.ok(text.includes(say("opinion.rewritten.text", { name: second.name, other: first.name })), text);
  await assertAccessible(page, { where: "#second", both: true });
});

test("one that does not answer could not be asked, and another one is chosen", async (t) => {
  await front.reset({ hosts: { [SECOND]: "500" } });
  const page = await openPage(t, check(DOMAIN), { axe: true, allow: failedRequests });
  const text = await asked(page);
  assert.deepEqual(Object.keys(await differences(page)), ["not-asked"]);
  assert.ok(text.includes(say("opinion.nothing", { first: first.name, second: second.name })), text);
  assert.equal(text.includes(say("ui.answer.nx-domain")), false, "that is never missing");
  await assertAccessible(page, { where: "#second", both: true });

  const choice = panel(page).locator("select");
  await choice.selectOption(third.id);
  await panel(page).locator('[data-opinion="running"]').waitFor();
  await compared(page);
  assert.deepEqual(await differences(page), {});
  assert.ok((await front.log()).some(({ host }) => host === THIRD));

  await choice.selectOption("");
  const address = panel(page).locator("input[name=second]");
  await address.fill("dns.example");
  await button(page, "opinion.again").press("Enter");
  await panel(page).getByRole("alert").waitFor();
  await front.reset();
  await address.fill(front.fault("older-spf"));
  await button(page, "opinion.again").press("Enter");
  await panel(page).locator('[data-difference="spreading"]').waitFor();
  assert.ok((await compared(page)).includes(say("resolver.own")));
  assert.equal(await page.evaluate(() => localStorage["mail-triage.resolver"]), undefined, "it is not kept");
});

test("an example asks nobody, and another check begins without a second opinion", async (t) => {
  const page = await openPage(t, "#/example/broken");
  await finished(page);
  assert.equal(await button(page, "opinion.ask").count(), 0);
  await page.evaluate((hash) => (location.hash = hash), check(DOMAIN));
  await until(page, (domain) => document.title.includes(domain), DOMAIN);
  await asked(page);
  await page.evaluate((hash) => (location.hash = hash), check("two-spf.example"));
  await until(page, (domain) => document.title.includes(domain), "two-spf.example");
  await finished(page);
  await button(page, "opinion.ask").waitFor();
  assert.equal(await panel(page).locator("[data-opinion]").count(), 0);
});

test("what it takes cannot be had: the page says so, and tries again", async (t) => {
  const held = "**/*_tools.wasm";
  const opened = (page) => page.route(held, (route) => route.abort());
  const page = await openPage(t, check("two-spf.example"), { opened, allow: failedRequests });
  await finished(page);
  for (const [key, place] of [["opinion.ask", "#second"], ["watch.begin", "#watch"]]) {
    await button(page, key).click();
    await page.locator(place).getByRole("alert").filter({ hasText: say("ui.error.files") }).waitFor();
  }
  await page.unroute(held);
  await button(page, "ui.retry").first().click();
  await page.locator("#watch [data-watch]").waitFor();
  await panel(page).locator('[data-opinion="done"]').waitFor();
});
