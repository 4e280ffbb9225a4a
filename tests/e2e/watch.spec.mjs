// A problem is watched until it is fixed: what is asked again, when, and how it is told.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { assertAccessible, check, finished, front, openPage } from "./lib/harness.mjs";
import { button, isList, logged, say, until } from "./lib/page.mjs";

const DOMAIN = "two-spf.example";
const [BROKEN, MENDED] = ["two-spf", "one-spf"].map((fault) => ({ names: { [DOMAIN]: fault } }));

beforeEach(() => front.reset(BROKEN));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const panel = (page) => page.locator("#watch");
const stage = (page, stage) => panel(page).locator(`[data-watch="${stage}"]`).waitFor();

/// Notifications are noted and not shown; the user allows them when asked.
const notifications = (page) =>
  page.addInitScript(() => {
    window.notified = [];
    window.Notification = class {
      static permission = "default";
      static async requestPermission() {
        return (this.permission = "granted");
      }
      constructor(title, { body }) {
        window.notified.push(`${title}: ${body}`);
      }
    };
  });

/// Opens a check whose time is the test's, and has it watched.
async function watched(t, options = {}) {
  const { lang = "en" } = options;
  const opened = async (page) => {
    await page.clock.install();
    await notifications(page);
  };
  const page = await openPage(t, check(DOMAIN, { lang }), { opened, axe: true, ...options });
  await finished(page);
  await button(page, "watch.begin", {}, lang).press("Enter");
  await stage(page, "waiting");
  await until(page, () => document.activeElement?.id === "watch");
  await front.reset(BROKEN);
  return page;
}

/// A device that sleeps fires no timer; what wakes it is that the page is seen again.
async function slept(page, millis) {
  const now = await page.evaluate(() => Date.now());
  await page.clock.setSystemTime(now + millis);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
}

for (const lang of ["en", "zh-Hant"]) {
  test(`fixed: told by the title and a notification, and nothing is asked too early: ${lang}`, async (t) => {
    const page = await watched(t, { lang, width: 360, height: 740 });
    await button(page, "watch.notify", {}, lang).press("Enter");
    await panel(page).getByText(say("watch.notify.on", {}, lang), { exact: true }).waitFor();
    await assertAccessible(page, { where: "#watch", both: true });
    // The record may be kept for five minutes.
    await page.clock.fastForward(4 * MINUTE);
    await page.clock.runFor(1_000);
    assert.deepEqual(await front.log(), [], "before that nothing new can be heard");
    await front.rules(MENDED);
    await page.clock.fastForward(MINUTE);
    await page.clock.fastForward(MINUTE);
    await stage(page, "fixed");
    const told = say("watch.told", { target: DOMAIN }, lang);
    assert.equal(await page.title(), told);
    assert.deepEqual(await page.evaluate(() => window.notified), [`${say("static.name", {}, lang)}: ${told}`]);
    const log = await front.log();
    assert.deepEqual(log.filter(isList), []);
    assert.ok(log.length > 0 && log.length < 6, JSON.stringify(log.map(({ name, type }) => `${name} ${type}`)));
    assert.ok(log.every(({ name }) => name.endsWith(DOMAIN)), JSON.stringify(log.map(({ name }) => name)));
    await assertAccessible(page, { where: "#watch", both: true });
    // It has ended.
    await front.reset(MENDED);
    await page.clock.fastForward(2 * HOUR);
    await page.clock.runFor(1_000);
    assert.deepEqual(await front.log(), []);
    await button(page, "ui.again", {}, lang).press("Enter");
    await until(page, (told) => document.title !== told, told);
    await finished(page);
    assert.equal(await panel(page).count(), 0);
  });
}

test("not fixed: it looks again when the new answer runs out, until somebody stops it", async (t) => {
  const page = await watched(t);
  const title = await page.title();
  await page.clock.fastForward(6 * MINUTE);
  await logged((log) => log.some(({ name }) => name === DOMAIN));
  await stage(page, "waiting");
  assert.ok((await panel(page).innerText()).includes(say("watch.last", { time: "" }).split(":")[0]));
  await front.reset(BROKEN);
  await page.clock.fastForward(6 * MINUTE);
  await logged((log) => log.some(({ name }) => name === DOMAIN));
  await stage(page, "waiting");
  await button(page, "watch.stop").press("Enter");
  await panel(page).waitFor({ state: "detached" });
  await front.reset();
  await page.clock.fastForward(HOUR);
  await page.clock.runFor(1_000);
  assert.deepEqual(await front.log(), []);
  assert.equal(await page.title(), title);
  assert.deepEqual(await page.evaluate(() => window.notified), []);
});

test("a look that gets no answer is none that found it fixed", async (t) => {
  const page = await watched(t, { allow: [/Failed to load resource/] });
  await front.rules({ names: {}, all: "500" });
  await page.clock.fastForward(6 * MINUTE);
  await logged((log) => log.some(({ name }) => name === DOMAIN));
  await page.clock.runFor(10_000);
  await stage(page, "waiting");
  assert.ok((await panel(page).innerText()).includes(say("watch.last.unsure", { time: "" }).split(",")[1].trim()));
  await front.rules({ all: "ok", ...MENDED });
  await page.clock.fastForward(6 * MINUTE);
  await stage(page, "fixed");
});

test("a device that slept looks once when it wakes, and not after a day", async (t) => {
  const page = await watched(t);
  await slept(page, 3 * HOUR);
  const log = await logged((log) => log.some(({ name }) => name === DOMAIN));
  await stage(page, "waiting");
  assert.equal(log.filter(({ name, type }) => name === DOMAIN && type === "TXT").length, 1);
  await front.reset();
  await slept(page, 24 * HOUR);
  await stage(page, "over");
  assert.deepEqual(await front.log(), []);
});

test("another check ends it", async (t) => {
  const page = await watched(t);
  await page.evaluate((hash) => (location.hash = hash), check("bakery.example"));
  await until(page, () => document.title.includes("bakery.example"));
  await finished(page);
  await front.reset();
  await page.clock.fastForward(HOUR);
  await page.clock.runFor(1_000);
  assert.deepEqual(await front.log(), []);
  assert.equal(await panel(page).count(), 0);
});

test("where nothing can change there is nothing to watch", async (t) => {
  const page = await openPage(t, "#/example/broken");
  await finished(page);
  assert.equal(await button(page, "watch.begin").count(), 0);
});
