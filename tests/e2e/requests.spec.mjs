// What goes over the wire: how much at a time, how often, when, and with what.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { check, finished, front, openPage } from "./lib/harness.mjs";
import { box, button, failedRequests, go, isList, logged, question, routed, runs, say, setting } from "./lib/page.mjs";

const HASH = check("nine-lookups.example", { ip: "11.22.33.30" });

beforeEach(() => front.reset());

const asked = (entry) => `${entry.host} ${question(entry)}`;

/// The largest number of requests of the log that were under way at the same time.
function atOnce(log) {
  const events = log.flatMap(({ start, end }) => [
    [start, 1],
    [end, -1],
  ]);
  events.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let now = 0;
  return Math.max(0, ...events.map(([, change]) => (now += change)));
}

test("at most 16 requests under way, at most 8 of them to blocklists, none twice", async (t) => {
  // Slow enough that requests pile up where nothing holds them back.
  await front.reset({ all: "delay:60" });
  const page = await openPage(t, HASH);
  await finished(page);
  const log = await logged((log) => log.every(({ end }) => end));
  assert.ok(log.length > 40, `${log.length} requests are too few to tell`);
  assert.deepEqual(
    log.map(asked).filter((one, index, all) => all.indexOf(one) !== index),
    [],
    "asked twice",
  );
  const [all, lists] = [atOnce(log), atOnce(log.filter(isList))];
  assert.ok(all <= 16, `${all} at once`);
  assert.ok(lists <= 8, `${lists} blocklists at once`);
  assert.ok(all > 8 && lists > 4, `only ${all} and ${lists} at once: they are asked one after the other`);
  assert.ok(log.every(({ method, accept }) => method === "GET" && accept === "application/dns-message"));
  assert.ok(log.every(({ cookie }) => cookie === null));
  assert.ok(log.every(({ http }) => http === "2.0"));
});

test("nothing is asked before the user acts", async (t) => {
  const page = await openPage(t);
  await box(page).pressSequentially("nine-lookups.example");
  await button(page, "ui.ask.details").click();
  await page.locator("input[name=ip]").fill("11.22.33.30");
  await (await setting(page, "langs")).selectOption("zh-Hant");
  await page.locator("html[lang=zh-Hant]").waitFor();
  await page.locator(".before input[type=checkbox]").first().check();
  assert.deepEqual(await front.log(), []);
  await routed(page, () => page.locator("button.primary").click());
  await finished(page);
  assert.ok((await front.log()).length > 0);
});

test("what cannot be read asks nothing, and says what was expected", async (t) => {
  const page = await openPage(t);
  for (const text of ["", "my domain", "localhost", "http://"]) {
    await box(page).fill(text);
    await box(page).press("Enter");
    const alert = page.getByRole("alert");
    await alert.waitFor();
    assert.ok((await alert.innerText()).length > 20);
    assert.equal(await box(page).getAttribute("aria-invalid"), "true");
    await box(page).fill("x");
    await alert.waitFor({ state: "detached" });
  }
  assert.deepEqual(await front.log(), []);
});

test("one box takes what people paste", async (t) => {
  const page = await openPage(t);
  const reads = async (text) => {
    // Two texts that mean the same have the same address.
    await go(page, "#/");
    await box(page).fill(text);
    await routed(page, () => box(page).press("Enter"));
    await finished(page);
    return page.locator(".asked-line b").innerText();
  };
  // Every other wrapping is the engine's to read, and tried there (src/input/tests.rs).
  assert.equal(await reads("“Bob” <bob@selfhosted.example>"), "selfhosted.example");
  assert.equal(await reads("bäckerei-müller.example"), "xn--bckerei-mller-bfb28a.example");
  assert.equal(await reads("11.22.33.10"), "11.22.33.10");
  assert.ok((await front.log()).some(({ name }) => name === "10.33.22.11.in-addr.arpa"));
});

test("the same check again asks everything anew, past the browser's cache", async (t) => {
  const page = await openPage(t, HASH);
  await finished(page);
  const first = await front.log();
  assert.ok(first.every(({ cache }) => cache === null));
  await front.reset();
  await runs(page, () => button(page, "ui.again").click());
  const second = await front.log();
  assert.deepEqual(second.map(asked).sort(), first.map(asked).sort());
  assert.ok(second.every(({ cache }) => cache === "no-cache"));
});

test("another domain needs no second proof that the lists work", async (t) => {
  const page = await openPage(t, check("listed-shop.example", { ip: "11.22.33.44" }));
  await finished(page);
  // Two lists of the local DNS never answer: they may be asked again.
  const controls = ({ name }) => /^[12]\.0\.0\.127\.(?!spamrbl\.swinog\.ch|bl\.nordspam\.com)/.test(name);
  assert.ok((await front.log()).some(controls));
  await front.reset();
  await go(page, check("selfhosted.example", { ip: "11.22.33.10" }));
  await finished(page);
  assert.deepEqual((await front.log()).filter(controls), []);
});

test("the list of requests is the truth", async (t) => {
  const page = await openPage(t, HASH);
  await finished(page);
  const log = await front.log();
  const summary = page.locator("details.log > summary");
  assert.equal(await summary.innerText(), say("ui.log.other", { n: log.length }));
  await summary.click();
  await page.locator("details.log tbody tr").first().waitFor();
  const shown = await page.locator("details.log tbody th").allInnerTexts();
  assert.deepEqual(shown.map((text) => text.trim()).sort(), log.map(question).sort());
});

test("the list is made only while it is unfolded", async (t) => {
  const page = await openPage(t, HASH);
  await finished(page);
  const rows = page.locator("details.log tbody tr");
  const fold = (open) => page.locator("details.log").evaluate((log, open) => void (log.open = open), open);
  assert.equal(await rows.count(), 0);
  await fold(true);
  await rows.first().waitFor();
  assert.equal(await rows.count(), (await front.log()).length);
  await fold(false);
  await rows.first().waitFor({ state: "detached" });
});

test("the list names what is asked beside a check too", async (t) => {
  const page = await openPage(t, check("nine-lookups.example"));
  await finished(page);
  const before = (await front.log()).length;
  const summary = page.locator("details.log > summary");
  await summary.click();
  const rows = page.locator("details.log tbody tr");
  await rows.first().waitFor();
  assert.equal(await rows.count(), before);
  await page.locator("#step-1 summary").first().click();
  await button(page, "senders.mine").click();
  await rows.filter({ hasText: say("log.own-address") }).waitFor();
  const log = await logged((log) => log.every(({ end }) => end));
  assert.equal(await rows.count(), log.length);
  assert.equal(await summary.innerText(), say("ui.log.other", { n: log.length }));
});

test("what was asked before and what was cut off stay in the list", async (t) => {
  const name = "nine-lookups.example";
  await front.reset({ names: { [name]: "hold" } });
  const page = await openPage(t, check(name), { allow: failedRequests });
  await logged((log) => log.length > 4 && log.every((entry) => entry.end || entry.name === name));
  await runs(page, () => button(page, "ui.stop").click());
  const rows = page.locator("details.log tbody tr");
  const cutOff = rows.filter({ hasText: say("ui.answer.cancelled") });
  await page.locator("details.log > summary").click();
  await rows.first().waitFor();
  assert.equal(await rows.count(), (await front.log()).length);
  assert.ok((await cutOff.count()) > 0);
  await front.rules({ names: {} });
  await front.release();
  await go(page, HASH);
  await finished(page);
  const log = await front.log();
  assert.equal(await rows.count(), log.length);
  assert.equal(
    await page.locator("details.log > summary").innerText(),
    say("ui.log.other", { n: log.length }),
  );
});

test("the limits hold over all checks of the page", async (t) => {
  await front.reset({ all: "delay:100" });
  const names = ["nine-lookups.example", "selfhosted.example", "bakery.example", "listed-shop.example"];
  const page = await openPage(t, check(names[0], { ip: "11.22.33.30" }), { allow: failedRequests });
  await logged((log) => log.length >= 16);
  // Whatever changes the address of the page, again and again.
  for (const name of names.slice(1)) {
    const hash = check(name, { ip: "11.22.33.44" });
    await routed(page, () => page.evaluate((hash) => void (location.hash = hash), hash));
  }
  await finished(page);
  const log = await logged((log) => log.every(({ end }) => end));
  const [all, lists] = [atOnce(log), atOnce(log.filter(isList))];
  assert.ok(all <= 16 && lists <= 8, `${all} at once, ${lists} to blocklists`);
  assert.ok(log.some(({ name }) => name === names.at(-1)), "the last one was not checked");
});

test("the list keeps the last requests, and says how many older ones it leaves out", async (t) => {
  const page = await openPage(t, check("nine-lookups.example"));
  await finished(page);
  let made = (await front.log()).length;
  while (made <= 1_000) {
    await runs(page, () => button(page, "ui.again").click());
    made = (await front.log()).length;
  }
  const summary = page.locator("details.log > summary");
  assert.equal(await summary.innerText(), say("log.last", { n: 1_000, all: made }));
  await summary.click();
  const rows = page.locator("details.log tbody tr");
  await rows.first().waitFor();
  assert.equal(await rows.count(), 1_000);
  const left = made - 1_000;
  const text = await page.locator("details.log").innerText();
  assert.ok(text.includes(say(left === 1 ? "log.left-out.one" : "log.left-out.other", { n: left })));
});
