// A new question ends the one before: nothing of it arrives any more.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { check, finished, front, openPage } from "./lib/harness.mjs";
import { box, button, failedRequests, findings, go, logged, reopened, routed, runs } from "./lib/page.mjs";

const OLD = "listed-shop.example";
const NEW = "selfhosted.example";

beforeEach(() => front.reset({ all: "hold" }));

/// Notes every subject and address that is ever shown from now on.
async function watch(page) {
  await page.evaluate(() => {
    window.shown = new Set();
    const note = () => {
      for (const { dataset } of document.querySelectorAll("[data-subject]"))
        window.shown.add(dataset.subject);
    };
    new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true });
  });
}

/// Whether a request is about the domain or the address of the first check.
const isOld = ({ name }) => name.includes("listed-shop") || name.startsWith("44.33.22.11.");

test("another domain in mid-run", async (t) => {
  const page = await openPage(t, check(OLD, { ip: "11.22.33.44" }), { allow: failedRequests });
  await page.locator('[data-state="running"]').waitFor({ state: "attached" });
  await logged((log) => log.filter(isOld).length > 4, "the first run asks too little");
  await watch(page);
  await reopened(page);
  await page.locator("input[name=ip]").fill("");
  await box(page).fill(NEW);
  await routed(page, () => box(page).press("Enter"));
  const log = await logged(
    (log) => log.some(({ name }) => name.includes(NEW)) && log.filter(isOld).every(({ aborted }) => aborted),
    "requests of the first run go on",
  );
  await front.rules({ all: "ok" });
  await front.release();
  await finished(page);
  const shown = await page.evaluate(() => [...window.shown]);
  assert.ok(shown.includes(NEW));
  assert.deepEqual(
    shown.filter((subject) => subject.includes("listed-shop") || subject.includes("11.22.33.44")),
    [],
  );
  assert.deepEqual((await front.log()).slice(log.length).filter(isOld), [], "the first run asks on");
  assert.ok((await page.title()).includes(NEW));
});

test("stopped: what was found stays, the rest can be asked later", async (t) => {
  await front.reset({ names: { [NEW]: "hold" } });
  const page = await openPage(t, check(NEW, { ip: "11.22.33.10" }), { allow: failedRequests });
  await logged((log) => log.length > 10 && log.every(({ end, name }) => end || name === NEW));
  await runs(page, () => button(page, "ui.stop").click());
  const stopped = (await findings(page)).length;
  assert.ok(stopped > 0);
  const held = await logged((log) => log.filter(({ name }) => name === NEW).every(({ aborted }) => aborted));
  await front.rules({ names: {} });
  await front.release();
  await go(page, check("bakery.example"));
  await finished(page);
  await routed(page, () => page.goBack());
  await finished(page);
  assert.ok((await findings(page)).length > stopped);
  assert.ok(held.length > 0);
});

test("leaving the check cancels it", async (t) => {
  const page = await openPage(t, check(OLD), { allow: failedRequests });
  await logged((log) => log.length > 4);
  await go(page, "#/");
  await page.locator('[data-state="idle"]').waitFor({ state: "attached" });
  await logged((log) => log.every(({ aborted }) => aborted), "requests go on");
  assert.deepEqual(await findings(page), []);
});
