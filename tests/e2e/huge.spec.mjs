// Answers that are honest and huge: the check ends, the page stays small, and what is left out is said.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { check, codes, finished, front, openPage } from "./lib/harness.mjs";
import { choose, clipboard, findings, go, unfold } from "./lib/page.mjs";
import { watchTasks } from "./lib/tasks.mjs";

before(() => front.reset({ all: "huge" }));

/// Elements and texts of a page at most, whatever the zone.
const NODES = 20_000;
/// Queries of a run at most.
const BUDGET = 600;

const nodes = (page) =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    let n = 0;
    while (walker.nextNode()) n += 1;
    return n;
  });

/// Checks a domain to the end; says how long the longest task took and how much stands there then.
async function checked(t, domain, options = {}) {
  const page = await openPage(t, "", options);
  const longest = await watchTasks(page);
  await go(page, check(domain));
  await finished(page, 120_000);
  const millis = await longest();
  await unfold(page);
  const n = await nodes(page);
  const asked = new Set((await front.log()).filter(({ name }) => name?.endsWith(domain)).map(({ name, type }) => `${name} ${type}`));
  t.diagnostic(`${domain}: ${n} nodes, ${asked.size} questions about it, longest task ${millis} ms`);
  assert.ok(n <= NODES, `${n} nodes`);
  assert.ok(asked.size <= BUDGET, `${asked.size} questions`);
  return page;
}

test("as many records as a message holds", async (t) => {
  const page = await checked(t, "full.huge.example");
  const found = await findings(page);
  const of = (prefix) => found.filter(({ code }) => code.startsWith(prefix)).map(({ code, level }) => `${code} ${level}`);
  assert.deepEqual(of("SPF-"), ["SPF-330 unknown"], "nobody read whether there is a record");
  assert.deepEqual(of("MX-"), ["MX-150 unknown"]);
  assert.deepEqual(found.filter(({ level, code }) => level === "stops" && !code.startsWith("BL-")), []);
});

for (const lang of ["en", "zh-Hant"]) {
  test(`what is left out is said, shown and copied: ${lang}`, async (t) => {
    const page = await checked(t, "many.huge.example", { lang: lang === "en" ? "en" : "zh-TW" });
    const more = lang === "en" ? /and 240 more/ : /還有 240 個/;
    assert.match(await page.locator(".evidence").allTextContents().then((texts) => texts.join("\n")), more);
    assert.match(await page.locator("main").textContent(), lang === "en" ? /and 244 more/ : /還有 244 個/);
    await choose(page, "ui.copy.report", {}, lang);
    const copied = await clipboard(page);
    assert.match(copied, more);
    assert.ok(copied.length < 300_000, `${copied.length} characters`);
  });
}

test("a tree without end", async (t) => {
  const page = await checked(t, "tree.huge.example");
  assert.ok((await codes(page)).includes("SPF-090"), "too many lookups");
});

test("mistakes without end", async (t) => {
  const page = await checked(t, "wrong.huge.example");
  assert.ok((await codes(page)).includes("SPF-030"), "several records");
});
