// Which resolver is asked: the chain when one does not answer, a choice of the user's own, a wish of a link.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { check, finished, front, lab, openPage } from "./lib/harness.mjs";
import { button, failedRequests, file, findings, go, logged, question, runs, said, say, setting, until, visible } from "./lib/page.mjs";

/// A domain whose sending addresses are a provider's: of its own no list would be asked that fails for every resolver.
const DOMAIN = "clinic.example";
const HASH = check(DOMAIN);
const { chain, resolvers } = file("data/resolvers.json");
const host = (id) => new URL(resolvers.find((resolver) => resolver.id === id).url).hostname;
const [FIRST, SECOND, THIRD] = chain.map(host);
/// A resolver that is on the list, but not in the chain.
const LISTED = resolvers.find(({ id }) => !chain.includes(id));

const hosts = (log) => [...new Set(log.map((entry) => entry.host))];

beforeEach(() => front.reset());

describe("fail-over", () => {
  test("the next resolver answers when the first does not", async (t) => {
    const page = await openPage(t, HASH, { allow: failedRequests });
    await finished(page);
    const healthy = await said(page);
    for (const fault of ["drop", "503", "html", "malformed", "question"]) {
      await t.test(fault, async () => {
        await front.reset({ hosts: { [FIRST]: fault } });
        await runs(page, () => button(page, "ui.again").click());
        assert.deepEqual(await said(page), healthy);
        const log = await front.log();
        const failed = log.filter((entry) => entry.host === FIRST);
        assert.ok(failed.length > 0, "the first one was not tried");
        assert.ok(failed.length <= 16, "the first one was asked on and on");
        const rescued = new Set(log.filter((entry) => entry.host === SECOND).map(question));
        assert.deepEqual(
          failed.map(question).filter((asked) => !rescued.has(asked)),
          [],
        );
      });
    }
  });

  test("the list of requests names who was asked, and what came of it", async (t) => {
    await front.reset({ hosts: { [FIRST]: "500", [SECOND]: "500" } });
    const page = await openPage(t, HASH, { allow: failedRequests });
    await finished(page);
    assert.deepEqual(
      hosts(await front.log())
        .slice(0, 3)
        .sort(),
      [FIRST, SECOND, THIRD].sort(),
    );
    await page.locator("details.log > summary").click();
    await page.locator("details.log tbody tr").first().waitFor();
    const rows = await page.locator("details.log tbody tr").allInnerTexts();
    assert.equal(rows.length, (await front.log()).length);
    const row = (id, result) => {
      const { name } = resolvers.find((resolver) => resolver.id === chain[id]);
      return rows.filter((text) => text.includes(name) && text.includes(result)).length;
    };
    const failure = say("failure.http", { status: 500 });
    assert.ok(row(0, failure) > 0 && row(1, failure) > 0 && row(2, "") > 0);
    assert.equal(row(2, failure), 0);
    const [first, second, third] = chain.map((id) => resolvers.find((resolver) => resolver.id === id));
    const notice = await visible(page, ".notices");
    for (const { name } of [first, second, third]) assert.ok(notice.includes(name), `${name}: ${notice}`);
    const log = await visible(page, "details.log");
    for (const { operator, note } of [first, second, third]) {
      assert.ok(log.includes(operator) && log.includes(say(note)), operator);
    }
  });

  test("a refused connection", async (t) => {
    const page = await openPage(t, "", { allow: failedRequests });
    await page.route(`https://${FIRST}/**`, (route) => route.abort("connectionrefused"));
    await go(page, HASH);
    await finished(page);
    assert.deepEqual(hosts(await front.log()), [SECOND]);
    assert.equal(
      (await findings(page)).some(({ failed }) => failed),
      false,
    );
  });

  test("nobody answers: the page says so, and stays a checklist", async (t) => {
    await front.reset({ all: "drop" });
    const page = await openPage(t, HASH, { allow: failedRequests });
    await finished(page);
    assert.ok((await visible(page, "main")).includes(say("ui.cut-off")));
    assert.notEqual(await page.locator(".summary-line").getAttribute("data-headline"), "in-order");
    await page.locator("[data-step='3'] > details > summary").click();
    await page.locator("[data-step='3'] input[type=checkbox]").first().check();
    await front.rules({ all: "ok" });
    await runs(page, () => button(page, "ui.retry.all").first().click());
    assert.equal((await visible(page, "main")).includes(say("ui.cut-off")), false);
    assert.equal(
      (await findings(page)).some(({ failed }) => failed),
      false,
    );
  });

  test("SERVFAIL counts after a second resolver said so too", async (t) => {
    const name = DOMAIN;
    await front.reset({ hosts: { [FIRST]: "servfail" } });
    const page = await openPage(t, HASH);
    await finished(page);
    assert.equal(
      (await findings(page)).some(({ failed }) => failed),
      false,
    );

    await front.reset({ names: { [name]: "servfail" } });
    await runs(page, () => button(page, "ui.again").click());
    const asked = (await front.log()).filter((entry) => entry.name === name);
    const questions = new Set(asked.map(question));
    for (const one of questions) {
      assert.deepEqual(hosts(asked.filter((entry) => question(entry) === one)), [FIRST, SECOND], one);
    }
    assert.equal(asked.length, 2 * questions.size, "asked more than once more");
  });
});

describe("a choice", () => {
  const select = (page) => page.locator("select.resolver");

  test("a resolver of the list is tried with a few questions, then asked and kept", async (t) => {
    const page = await openPage(t);
    await (await setting(page, "resolver")).selectOption(LISTED.id);
    await until(page, (id) => localStorage["mail-triage.resolver"] === id, LISTED.id);
    assert.deepEqual(
      (await front.log()).map((entry) => [entry.host, question(entry)]),
      [" NS", "gmail.com MX", "gmail.com TXT", "mail-triage.invalid A"].map((asked) => [
        new URL(LISTED.url).hostname,
        asked,
      ]),
    );
    await front.reset();
    await go(page, HASH);
    await finished(page);
    assert.deepEqual(hosts(await front.log()), [new URL(LISTED.url).hostname]);
    await page.reload();
    await finished(page);
    assert.equal(await select(page).inputValue(), LISTED.id);
    assert.deepEqual(hosts(await front.log()), [new URL(LISTED.url).hostname]);
  });

  test("one that does not answer is not taken", async (t) => {
    await front.reset({ hosts: { [new URL(LISTED.url).hostname]: "500" } });
    const page = await openPage(t, "", { allow: failedRequests });
    await select(page).locator(`option[value="${LISTED.id}"]`).waitFor({ state: "attached" });
    const before = await select(page).inputValue();
    await (await setting(page, "resolver")).selectOption(LISTED.id);
    await page.getByRole("alert").waitFor();
    assert.equal(await page.evaluate(() => localStorage["mail-triage.resolver"]), undefined);
    await button(page, "ui.cancel").click();
    assert.equal(await select(page).inputValue(), before);
  });

  test("one that denies even the root, leaves out types or makes up answers is not taken", async (t) => {
    const page = await openPage(t);
    await (await setting(page, "resolver")).selectOption("?");
    const address = page.locator("input[name=resolver]");
    for (const fault of ["nxdomain", "no-data", "no-txt", "no-mx", "referral", "rewritten", "rewritten-missing"]) {
      await t.test(fault, async () => {
        await address.fill(front.fault(fault));
        await page.getByRole("alert").waitFor({ state: "detached" });
        await button(page, "ui.resolver.try").click();
        await page.getByRole("alert").waitFor();
        assert.equal(await page.evaluate(() => localStorage["mail-triage.resolver"]), undefined);
      });
    }
  });

  test("one that has left the list is forgotten", async (t) => {
    const page = await openPage(t, "", { storage: { "mail-triage.resolver": "gone" } });
    await until(page, () => localStorage["mail-triage.resolver"] === undefined);
    await until(page, (first) => document.querySelector("select.resolver").value === first, chain[0]);
  });

  test("an address of one's own is asked alone", async (t) => {
    const page = await openPage(t);
    const address = page.locator("input[name=resolver]");
    await (await setting(page, "resolver")).selectOption("?");
    for (const wrong of [
      "dns.example",
      "http://dns.example/dns-query",
      "javascript:alert(1)",
      "http://[::1]:8053/dns-query",
      "https://a.example/?x=1",
    ]) {
      await address.fill(wrong);
      await button(page, "ui.resolver.try").click();
      await page.getByRole("alert").waitFor();
      assert.deepEqual(await front.log(), [], wrong);
    }
    await address.fill(lab.doh);
    await button(page, "ui.resolver.try").click();
    await address.waitFor({ state: "detached" });
    assert.equal(await select(page).inputValue(), lab.doh);
    await go(page, HASH);
    await finished(page);
    assert.deepEqual(await front.log(), [], "others were asked");
    assert.equal(
      (await findings(page)).some(({ code }) => code === "DOM-030"),
      true,
    );
  });
});

describe("a link that names a resolver", () => {
  test("of the list: it is asked, and not kept", async (t) => {
    const page = await openPage(t, check(DOMAIN, { resolver: LISTED.id }));
    await finished(page);
    assert.deepEqual(hosts(await front.log()), [new URL(LISTED.url).hostname]);
    assert.equal(await page.evaluate(() => localStorage["mail-triage.resolver"]), undefined);
  });

  test("of the list, left for the one that was kept", async (t) => {
    const page = await openPage(t, check(DOMAIN, { resolver: LISTED.id }), {
      storage: { "mail-triage.resolver": chain[1] },
    });
    await finished(page);
    await front.reset();
    await (await setting(page, "resolver")).selectOption(chain[1]);
    await logged((log) => log.some(({ host, name }) => host === SECOND && name === DOMAIN));
    await finished(page);
    assert.equal(page.url().includes("resolver="), false);
    assert.deepEqual(hosts(await front.log()), [SECOND]);
  });

  const address = `${front.url}/dns-query`;

  for (const hash of [`#/?resolver=${address}`, check(DOMAIN, { resolver: address })]) {
    test(`elsewhere: nothing is asked before the user agrees (${hash.slice(0, 4)})`, async (t) => {
      const page = await openPage(t, hash);
      const use = button(page, "ui.resolver.use");
      await use.waitFor();
      assert.ok((await visible(page, "main")).includes(address), "the address is not shown");
      assert.deepEqual(await front.log(), []);
      await use.click();
      await use.waitFor({ state: "detached" });
      if (hash.startsWith("#/?")) await go(page, hash.replace("#/", check(DOMAIN)));
      await finished(page);
      assert.deepEqual(hosts(await front.log()), ["127.0.0.1"]);
      assert.equal(await page.evaluate(() => localStorage["mail-triage.resolver"]), undefined, "kept");

      await front.reset();
      await page.reload();
      await use.waitFor();
      assert.deepEqual(await front.log(), [], "asked without asking");
    });
  }

  test("one in the own network that does not answer: that the browser may be asked about it is said", async (t) => {
    await front.reset({ all: "drop" });
    const page = await openPage(t, check("selfhosted.example", { resolver: address }), { allow: failedRequests });
    await button(page, "ui.resolver.use").click();
    await finished(page);
    const shown = await visible(page, "main");
    assert.ok(shown.includes(say("ui.cut-off.near", { address })));
    assert.equal(shown.includes(say("ui.cut-off")), false);
  });

  test("refused: one's own resolver is asked", async (t) => {
    const page = await openPage(t, check(DOMAIN, { resolver: address }));
    await runs(page, () => button(page, "ui.resolver.keep").click());
    assert.deepEqual(hosts(await front.log()), [FIRST]);
    assert.equal(page.url().includes("resolver="), false);
  });
});
