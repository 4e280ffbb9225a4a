// The two examples show what a result looks like, from records that came with the page.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { finished, front, openPage, verdicts } from "./lib/harness.mjs";
import { failedRequests, findings, reopened, routed, say, until, visible } from "./lib/page.mjs";

beforeEach(() => front.reset({ all: "drop" }));

const link = (page, id) => page.locator(`a[href="#/example/${id}"]`);

test("both work without a connection, and ask nothing", async (t) => {
  const page = await openPage(t, "", { allow: failedRequests });
  // What examples need comes by itself, a moment after the page.
  for (const name of ["examples.json", "blocklists.json", "providers.json", "en.report.json"]) {
    await until(
      page,
      (name) =>
        performance
          .getEntriesByType("resource")
          .some((entry) => entry.name.endsWith(`/${name}`) && entry.responseEnd > 0),
      name,
    );
  }
  await page.context().setOffline(true);
  await page.getByText(say("ui.offline"), { exact: true }).waitFor();
  await routed(page, () => link(page, "healthy").click());
  await finished(page);
  let found = await findings(page);
  assert.deepEqual(
    found.filter(({ level }) => level === "stops" || level === "unknown"),
    [],
  );
  assert.ok(found.some(({ level }) => level === "pass"));
  assert.equal((await verdicts(page))[4], "pass");
  assert.equal(await page.locator(".summary-line").getAttribute("data-headline"), "in-order");

  await reopened(page);
  await routed(page, () => link(page, "broken").click());
  await finished(page);
  found = await findings(page);
  assert.ok(found.some(({ level }) => level === "stops"));
  assert.deepEqual(
    found.filter(({ failed }) => failed),
    [],
  );
  assert.ok((await visible(page, ".notices")).includes(say("ui.example.note")));
  assert.deepEqual(await front.log(), []);
});

test("an example has an address", async (t) => {
  const page = await openPage(t, "#/example/broken?lang=zh-Hant");
  await finished(page);
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-Hant");
  assert.ok((await visible(page, ".notices")).includes(say("ui.example.note", {}, "zh-Hant")));
  await page.reload();
  await finished(page);
  assert.ok((await findings(page)).some(({ level }) => level === "stops"));
  assert.deepEqual(await front.log(), []);
});
