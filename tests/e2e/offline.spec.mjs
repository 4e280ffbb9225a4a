// Without a network the page says so, concludes nothing, and is still a checklist.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { check, finished, front, lab, openPage, verdicts } from "./lib/harness.mjs";
import { box, button, failedRequests, findings, go, runs, said, say, visible } from "./lib/page.mjs";

const HASH = check("selfhosted.example");

beforeEach(() => front.reset());

const offline = (page, on) => page.context().setOffline(on);

test("offline after a check", async (t) => {
  const page = await openPage(t, HASH, { allow: failedRequests });
  await finished(page);
  const healthy = await said(page);
  await front.reset();
  await offline(page, true);
  const notice = page.getByText(say("ui.offline"), { exact: true });
  await notice.waitFor();
  await runs(page, () => button(page, "ui.again").click());
  assert.deepEqual(
    (await findings(page)).filter(({ level }) => level !== "unknown" && level !== "info"),
    [],
  );
  const { 1: lists, 4: dns } = await verdicts(page);
  assert.deepEqual([lists, dns], ["unknown", "unknown"]);
  assert.ok((await page.locator("main").textContent()).includes(say("failure.offline")));
  assert.notEqual(await page.locator(".summary-line").getAttribute("data-headline"), "in-order");
  assert.deepEqual(await front.log(), []);

  await offline(page, false);
  await notice.waitFor({ state: "detached" });
  await runs(page, () => button(page, "ui.retry.all").first().click());
  assert.deepEqual(await said(page), healthy);
});

test("offline, what an earlier check found is no answer", async (t) => {
  const page = await openPage(t, HASH, { allow: failedRequests });
  await finished(page);
  await runs(page, () => go(page, check("bakery.example")));
  await offline(page, true);
  await page.getByText(say("ui.offline"), { exact: true }).waitFor();
  await runs(page, () => go(page, HASH));
  const concluded = (await findings(page)).filter(({ level }) => level !== "unknown" && level !== "info");
  assert.deepEqual(concluded, []);
});

test("offline from the start: the checklist works, and the box says what is missing", async (t) => {
  const page = await openPage(t, "", { allow: failedRequests, offline: true });
  await page.getByText(say("ui.offline"), { exact: true }).waitFor();
  const steps = page.locator("ol.steps > li");
  assert.equal(await steps.count(), 5);
  const tick = steps.nth(2).locator("input[type=checkbox]").first();
  await tick.check();
  await steps.nth(2).locator("li summary").first().click();
  assert.ok((await steps.nth(2).locator("li details[open] p").first().innerText()).length > 40);
  await box(page).fill("selfhosted.example");
  await box(page).press("Enter");
  await page
    .getByRole("alert")
    .or(page.locator('[data-state="done"]'))
    .first()
    .waitFor({ state: "attached" });
  assert.deepEqual(
    (await findings(page)).filter(({ level }) => level !== "unknown" && level !== "info"),
    [],
  );
  assert.equal(await box(page).inputValue(), "selfhosted.example");

  await offline(page, false);
  await page.getByText(say("ui.offline"), { exact: true }).waitFor({ state: "detached" });
  await runs(page, () => page.locator("button.primary").click());
  assert.equal(
    (await findings(page)).some(({ failed }) => failed),
    false,
  );
  await page.reload();
  await finished(page);
  assert.ok(
    await page.locator("[data-step='3'] input[type=checkbox]").first().isChecked(),
    "the tick is gone",
  );
});

test("a resolver on this machine needs no network", async (t) => {
  const page = await openPage(t, HASH, {
    storage: { "mail-triage.resolver": lab.doh },
    // What a browser says where there is no network at all; this machine can be reached all the same.
    opened: (page) =>
      page.addInitScript(() => Object.defineProperty(Navigator.prototype, "onLine", { get: () => false })),
  });
  await finished(page);
  assert.equal(
    (await findings(page)).some(({ failed }) => failed),
    false,
  );
  assert.equal(await page.getByText(say("ui.offline"), { exact: true }).count(), 0);
  assert.ok((await page.locator("#connection").textContent()).includes(say("contact.online.here")));
});
