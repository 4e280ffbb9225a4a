// The MTA-STS policy: the one file that is no lookup. It is read where its server lets web pages do that, and pasted
// where it does not; that it cannot be read is never said to be a fault of it.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { assertAccessible, check, codes, finished, front, openPage } from "./lib/harness.mjs";
import {
  button,
  failedRequests,
  findings,
  go,
  logged,
  longestBlock,
  runs,
  say,
  unfold,
  watchBlocking,
} from "./lib/page.mjs";

const HOST = "mta-sts.policy.example";
const HASH = check("policy.example");
const FILE = `https://${HOST}/.well-known/mta-sts.txt`;
const policy = (...hosts) =>
  ["version: STSv1", "mode: enforce", ...hosts.map((host) => `mx: ${host}`), "max_age: 604800"].join("\n");
const GOOD = policy("mail.hosting.test", "*.hosting.test");
const SHORT = policy("mail.hosting.test");

const serve = (rule) => front.reset({ policies: { [HOST]: rule } });
const files = async () => (await front.log()).filter(({ path }) => path?.includes("mta-sts"));
/// The requests of the visible list.
const shown = (page) =>
  page.locator("details.log tbody tr").evaluateAll((rows) => rows.map((row) => row.innerText));

beforeEach(() => front.reset());

/// Opens the step and the finding about the policy.
async function unfolded(page, code) {
  await unfold(page);
  const finding = page.locator(`details[data-code=${code}]`);
  await finding.waitFor();
  return finding;
}

test("a file that web pages may read is read and compared, and the list of requests says so", async (t) => {
  await serve({ cors: true, text: GOOD });
  const page = await openPage(t, HASH, { storage: { secret: "x" } });
  await finished(page);
  const found = await codes(page);
  assert.ok(found.includes("STS-100") && !found.includes("STS-010"), found.join(" "));
  const [asked, ...more] = await files();
  assert.equal(more.length, 0, "asked twice");
  assert.deepEqual(
    [asked.method, asked.host, asked.cookie, asked.referer],
    ["GET", HOST, null, null],
  );
  await page.locator("details.log > summary").click();
  await page.locator("details.log tbody tr").first().waitFor();
  const rows = (await shown(page)).filter((row) => row.includes(FILE));
  assert.equal(rows.length, 1);
  assert.ok(rows[0].includes(say("sts.brought.file")), rows[0]);
  assert.ok((await page.locator("details.log").innerText()).includes(say("sts.log", { host: HOST })));
});

test("a host that the file leaves out stops mail", async (t) => {
  await serve({ cors: true, text: SHORT });
  const page = await openPage(t, HASH);
  await finished(page);
  const left = (await findings(page)).find(({ code }) => code === "STS-130");
  assert.equal(left.level, "stops");
  assert.ok((await page.locator(".causes").innerText()).includes("mail2.hosting.test"));
});

for (const [name, rule] of [
  ["that web pages may not read", { text: GOOD }],
  ["that never comes", { hang: true }],
]) {
  test(`a file ${name} can be pasted`, async (t) => {
    await serve(rule);
    const page = await openPage(t, HASH, { allow: failedRequests });
    await finished(page);
    const finding = await unfolded(page, "STS-010");
    const text = await finding.innerText();
    assert.ok(text.includes(say("sts.unreadable")), text);
    assert.equal(await finding.locator(".policy a").getAttribute("href"), FILE);
    const summary = await page.locator(".summary-line").innerText();

    await finding.locator("textarea").fill(GOOD);
    await button(page, "sts.compare").click();
    await page.locator("details[data-code=STS-100]").waitFor();
    assert.equal(await page.locator(".summary-line").innerText(), summary);
    assert.equal((await files()).length, 1);
  });
}

for (const body of ["endless", "bomb", "drip"]) {
  test(`a file whose body is ${body} is not read whole, and blocks nothing`, async (t) => {
    await serve({ cors: true, body });
    const page = await openPage(t, HASH, { allow: failedRequests, opened: watchBlocking });
    await finished(page);
    const text = await (await unfolded(page, "STS-010")).innerText();
    const said = body === "drip" ? say("sts.unreadable") : say("sts.too-long", { host: HOST });
    assert.ok(text.includes(said), text);
    const [asked] = await logged((log) => log.some(({ path, end }) => path?.includes("mta-sts") && end), "it goes on")
      .then((log) => log.filter(({ path }) => path?.includes("mta-sts")));
    // What lies in buffers on the way counts too: browsers take some megabytes ahead of the page.
    if (body === "endless") assert.ok(asked.poured < 2 ** 26, `${asked.poured} octets were sent`);
    const longest = await longestBlock(page);
    t.diagnostic(`blocked for ${Math.round(longest)} ms at most, ${asked.poured ?? "?"} octets poured`);
  });
}

test("no file is asked of a host whose addresses are not public, and it can still be pasted", async (t) => {
  const host = "mta-sts.policy-inside.example";
  await front.reset({ policies: { [host]: { cors: true, text: GOOD } } });
  const page = await openPage(t, check("policy-inside.example"));
  await finished(page);
  assert.deepEqual(await files(), []);
  const finding = await unfolded(page, "STS-010");
  assert.ok((await finding.innerText()).includes(say("sts.not-public", { host })));
  await finding.locator("textarea").fill(GOOD);
  await button(page, "sts.compare").click();
  await page.locator("details[data-code=STS-100]").waitFor();
  assert.deepEqual(await files(), []);
});

test("nor where only one family of addresses could be looked up: the other may lead anywhere", async (t) => {
  const asked = async (rule) => {
    await front.reset({ names: { [HOST]: rule }, policies: { [HOST]: { cors: true, text: GOOD } } });
    const page = await openPage(t, HASH, { allow: failedRequests });
    await finished(page);
    return (await files()).length;
  };
  assert.equal(await asked("servfail-aaaa"), 0);
  assert.equal(await asked("ok"), 1);
});

test("an answer that is no file is told from one that cannot be read", async (t) => {
  await serve({ cors: true, status: 404, text: "not here" });
  const page = await openPage(t, HASH, { allow: failedRequests });
  await finished(page);
  const text = await (await unfolded(page, "STS-010")).innerText();
  assert.ok(text.includes(say("sts.refused", { host: HOST, status: 404 })), text);
});

test("what was pasted stays, right or wrong, until another domain is asked about", async (t) => {
  await serve({ text: GOOD });
  const page = await openPage(t, HASH, { allow: failedRequests });
  await finished(page);
  const compare = async (text, code) => {
    const field = page.locator("textarea[name=policy]").first();
    await field.fill(text);
    await field.locator("xpath=ancestor::*[@class='policy']").getByRole("button").click();
    const finding = page.locator(`details[data-code=${code}][open]`);
    await finding.waitFor();
    return finding;
  };
  await unfolded(page, "STS-010");
  const wrong = "<!doctype html><script>document.title = 'mine'</script>";
  const finding = await compare(wrong, "STS-140");
  assert.equal(await finding.locator("textarea").inputValue(), wrong);
  assert.notEqual(await page.title(), "mine");
  const left = await compare(SHORT, "STS-130");
  assert.equal(await left.locator("textarea").inputValue(), SHORT);
  await runs(page, () => button(page, "ui.again").first().click());
  assert.ok((await codes(page)).includes("STS-130"), "what was pasted counts for the next run too");
  assert.equal((await files()).length, 1, "the pasted text counts: the file is not asked for again");
  await go(page, check("selfhosted.example"));
  await finished(page);
  await go(page, HASH);
  await finished(page);
  assert.ok((await codes(page)).includes("STS-010"));
  assert.equal(await (await unfolded(page, "STS-010")).locator("textarea").inputValue(), "");
});

test("no file is asked for where none is announced, or its host has no address", async (t) => {
  for (const domain of ["bakery.example", "selfhosted.example"]) {
    const page = await openPage(t, check(domain));
    await finished(page);
  }
  assert.deepEqual(await files(), []);
});

test("nor by an example", async (t) => {
  const page = await openPage(t, "#/example/healthy");
  await finished(page);
  assert.deepEqual(await files(), []);
});

for (const [lang, scheme] of [
  ["en", "dark"],
  ["zh-Hant", "light"],
]) {
  test(`the field can be used with a screen reader, in ${lang}`, async (t) => {
    await serve({ text: GOOD });
    const page = await openPage(t, HASH, { lang, scheme, width: 320, axe: true, allow: failedRequests });
    await finished(page);
    const finding = await unfolded(page, "STS-010");
    assert.ok(await finding.getByLabel(say("sts.paste", {}, lang)).isVisible());
    await assertAccessible(page, { where: "#step-4" });
  });
}
