// A key for a blocklist stays in this browser: it reaches the resolver, and nothing that is shown or copied.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { check, finished, front, openPage } from "./lib/harness.mjs";
import { button, choose, clipboard, failedRequests, file, findings, runs, say, unfold, visible } from "./lib/page.mjs";

/// What the local Spamhaus accepts.
const KEY = "abcdefghijklmnopqrstuvwxyz";
const KEPT = "mail-triage.key.spamhaus-dqs";
const ENTRUSTED = "mail-triage.keys-to";
const HASH = check("listed-shop.example", { ip: "11.22.33.44" });

beforeEach(() => front.reset());

const field = (page) => page.getByLabel(say("list.secret.spamhaus-dqs"), { exact: true });
const withKey = (log) => log.filter(({ name }) => name.includes(KEY));
const listed = async (page) => (await findings(page)).filter(({ code }) => code === "BL-010").length;

test("a key is used, kept here, and shown nowhere", async (t) => {
  const page = await openPage(t, HASH);
  await finished(page);
  const before = await listed(page);
  assert.deepEqual(withKey(await front.log()), []);
  await unfold(page);
  await field(page).fill(KEY);
  await runs(page, () => button(field(page).locator("xpath=ancestor::div[1]"), "keys.use").click());
  assert.ok(withKey(await front.log()).length > 0, "the key is not used");
  assert.ok((await listed(page)) > before, "the list has nothing to say");

  await unfold(page);
  const copied = [];
  for (const key of ["ui.share", "ui.copy.report"]) {
    await choose(page, key);
    await page.getByRole("status").getByText(say("ui.copied")).waitFor({ state: "attached" });
    copied.push(await clipboard(page));
  }
  const records = page.locator(".record").filter({ hasText: "spamhaus" });
  assert.ok((await records.count()) > 0);
  for (const record of await records.all()) {
    await record.getByRole("button").click();
    await record.getByRole("button", { name: say("ui.copy.done"), exact: true }).waitFor();
    copied.push(await clipboard(page));
  }
  const shown = {
    text: await visible(page),
    title: await page.title(),
    address: page.url(),
    copied: copied.join("\n"),
  };
  for (const [where, text] of Object.entries(shown))
    assert.equal(text.toLowerCase().includes(KEY), false, where);
  const html = await page.evaluate((key) => {
    const copy = document.documentElement.cloneNode(true);
    copy.querySelectorAll("input").forEach((input) => input.remove());
    return copy.outerHTML.toLowerCase().includes(key);
  }, KEY);
  assert.equal(html, false, "in the document");
  assert.deepEqual(
    await page.evaluate(
      (key) => Object.keys(localStorage).filter((name) => localStorage[name].includes(key)),
      KEY,
    ),
    [KEPT],
  );

  await front.reset();
  await page.reload();
  await finished(page);
  assert.ok(withKey(await front.log()).length > 0, "the key was forgotten");

  await unfold(page);
  await front.reset();
  await field(page).fill("");
  await runs(page, () => button(field(page).locator("xpath=ancestor::div[1]"), "keys.use").click());
  assert.deepEqual(withKey(await front.log()), []);
  assert.deepEqual(
    await page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes("key"))),
    [],
  );
});

test("what cannot be a key is said at its field, which stays open while it is corrected", async (t) => {
  const page = await openPage(t, HASH);
  await finished(page);
  await unfold(page);
  await front.reset();
  await field(page).fill("no key");
  await button(field(page).locator("xpath=ancestor::div[1]"), "keys.use").click();
  const error = page.getByRole("alert").filter({ hasText: say("keys.error") });
  await error.waitFor();
  assert.equal(await field(page).getAttribute("aria-invalid"), "true");
  assert.equal(await field(page).getAttribute("aria-describedby"), await error.getAttribute("id"));
  await field(page).pressSequentially("x");
  await error.waitFor({ state: "detached" });
  assert.equal(await field(page).getAttribute("aria-invalid"), null);
  assert.ok(await field(page).isVisible(), "the fold closed");
  assert.deepEqual(await front.log(), []);
});

test("a link cannot bring a key", async (t) => {
  const page = await openPage(t, `${HASH}&key=${KEY}&spamhaus-dqs=${KEY}`);
  await finished(page);
  assert.deepEqual(withKey(await front.log()), []);
  assert.deepEqual(
    await page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes("key"))),
    [],
  );
});

const { chain, resolvers } = file("data/resolvers.json");
const resolverOf = (id) => resolvers.find((resolver) => resolver.id === id);
const host = (id) => new URL(resolverOf(id).url).hostname;
/// A resolver that is on the list, but not in the chain.
const LISTED = resolvers.find(({ id }) => !chain.includes(id)).id;
const question = (page, id) =>
  page.locator(".notice").filter({ hasText: say("keys.question", { resolver: resolverOf(id).name }) });
const hosts = (log) => [...new Set(log.map((entry) => entry.host))];

describe("a key goes to nobody who was not chosen", () => {
  const storage = { [KEPT]: KEY, [ENTRUSTED]: chain[0] };

  test("a resolver that a link names gets it only after a question", async (t) => {
    const page = await openPage(t, `${HASH}&resolver=${LISTED}`, { storage: { [KEPT]: KEY } });
    await finished(page);
    assert.deepEqual(withKey(await front.log()), []);
    await unfold(page);
    assert.ok((await visible(page, "main")).includes(say("failure.key-withheld")), "no reason is given");
    const row = page.locator("[data-code=BL-080]").filter({ hasText: say("lists.result.BL-080") });
    assert.ok((await row.count()) > 0, "it is not said that the list could not be checked");
    await question(page, LISTED).waitFor();
    await runs(page, () => button(page, "keys.question.yes").click());
    assert.deepEqual(hosts(withKey(await front.log())), [host(LISTED)]);
    assert.equal(await page.locator(".notice").filter({ hasText: KEY }).count(), 0);
    // The next visit asks again.
    await front.reset();
    await page.reload();
    await finished(page);
    await question(page, LISTED).waitFor();
    assert.deepEqual(withKey(await front.log()), []);
  });

  test("where a link names another one, the one that has it is asked still", async (t) => {
    const page = await openPage(t, `${HASH}&resolver=${LISTED}`, { storage });
    await finished(page);
    assert.deepEqual(hosts(withKey(await front.log())), [host(chain[0])]);
    assert.equal(await page.locator(".notice").count(), 0);
  });

  test("one that stands in does not get it, and no means no", async (t) => {
    await front.reset({ hosts: { [host(chain[0])]: "drop" } });
    const page = await openPage(t, HASH, { storage, allow: failedRequests });
    await finished(page);
    assert.deepEqual(hosts(withKey(await front.log())).filter((asked) => asked !== host(chain[0])), []);
    await question(page, chain[1]).waitFor();
    await button(page, "keys.question.no").click();
    await question(page, chain[1]).waitFor({ state: "detached" });
    await front.rules({ hosts: { [host(chain[0])]: "drop" } });
    await runs(page, () => button(page, "ui.again").click());
    assert.deepEqual(hosts(withKey(await front.log())).filter((asked) => asked !== host(chain[0])), []);
    assert.equal(await question(page, chain[1]).count(), 0);
  });

  test("the one that the user chose gets it unasked", async (t) => {
    const page = await openPage(t, HASH, { storage: { [KEPT]: KEY, "mail-triage.resolver": LISTED } });
    await finished(page);
    assert.deepEqual(hosts(withKey(await front.log())), [host(LISTED)]);
    assert.equal(await page.locator(".notice").count(), 0);
  });

  test("a key that was kept before anybody was named is asked about once", async (t) => {
    const page = await openPage(t, HASH, { storage: { [KEPT]: KEY } });
    await finished(page);
    assert.deepEqual(withKey(await front.log()), []);
    await question(page, chain[0]).waitFor();
  });
});

test("the fields do not show a key unless asked to, and say who will see it", async (t) => {
  const page = await openPage(t, HASH, { storage: { [KEPT]: KEY } });
  await finished(page);
  await unfold(page);
  const dots = () => field(page).evaluate((input) => getComputedStyle(input).webkitTextSecurity);
  assert.equal(await dots(), "disc");
  assert.equal(await field(page).getAttribute("autocomplete"), "off");
  await button(page, "keys.show").click();
  assert.equal(await dots(), "none");
  await button(page, "keys.hide").click();
  assert.equal(await dots(), "disc");
  const text = say("keys.text", { resolver: resolverOf(chain[0]).name });
  assert.ok((await visible(page, "main")).includes(text));
});
