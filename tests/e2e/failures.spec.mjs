// What goes wrong between the page and the resolvers is said in words of its own, and never taken for an answer.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { SILENT } from "./lib/fault-words.mjs";
import { check, finished, front, openPage } from "./lib/harness.mjs";
import {
  button,
  failedRequests,
  findings,
  go,
  logged,
  longestBlock,
  onePage,
  runs,
  said,
  say,
  unfold,
  watchBlocking,
} from "./lib/page.mjs";

const DOMAIN = "selfhosted.example";
const HASH = check(DOMAIN);
const WITH_IP = check(DOMAIN, { ip: "11.22.33.10" });
const [FIRST, SECOND] = ["cloudflare-dns.com", "dns.google"];

const isConclusion = ({ level }) => level !== "unknown" && level !== "info";

beforeEach(() => front.reset());

describe("one name fails, everything else answers", () => {
  const visit = onePage({ allow: failedRequests });
  for (const [fault, key, status] of SILENT.filter(([fault]) =>
    ["servfail", "500", "cut", "type", "record", "truncated"].includes(fault),
  )) {
    test(fault, async (t) => {
      const page = await visit(t, WITH_IP);
      await finished(page);
      // Whatever the test before has left: from here on all is well.
      await runs(page, () => button(page, "ui.again").click());
      const healthy = await said(page);
      await front.reset({ names: { [DOMAIN]: fault } });
      await runs(page, () => button(page, "ui.again").click());
      const found = await findings(page);
      assert.ok(found.some(({ failed, level }) => failed && level === "unknown"));
      assert.deepEqual(
        found.filter(({ failed }) => failed).filter(isConclusion),
        [],
        "rests on a lookup that failed",
      );
      assert.deepEqual(
        (await said(page)).filter((one) => / (stops|improve|pass) /.test(one) && !healthy.includes(one)),
        [],
        "taken for an answer",
      );
      const unknown = page.locator(`details.finding[data-level=unknown][data-subject="${DOMAIN}"]`).first();
      assert.ok((await unknown.textContent()).includes(say(key, { status })));

      // The button of the one finding asks for its own lookups only.
      await front.reset();
      await unfold(page);
      await runs(page, () => button(unknown, "ui.retry").click());
      const again = await front.log();
      assert.ok(again.length > 0);
      assert.ok(again.some(({ name }) => name === DOMAIN));
    });
  }
});

test("a filter that denies every name leaves no list clean", async (t) => {
  await front.reset({ all: "nxdomain" });
  const page = await openPage(t, WITH_IP);
  await finished(page);
  const lists = (await findings(page)).filter(({ code }) => code.startsWith("BL-"));
  assert.ok(lists.length > 0);
  assert.deepEqual(lists.filter(isConclusion), []);
});

test("a network that answers with an address of its own lists nobody", async (t) => {
  await front.reset({ all: "rewritten" });
  const page = await openPage(t, WITH_IP);
  await finished(page);
  const lists = (await findings(page)).filter(({ code }) => code.startsWith("BL-"));
  assert.ok(lists.length > 0);
  assert.deepEqual(lists.filter(isConclusion), []);
});

test("no answer within five seconds is a failure, not before", async (t) => {
  await front.reset({ names: { [DOMAIN]: "hang" } });
  const page = await openPage(t, "", { allow: failedRequests });
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1_000);
  const slow = (log, host) => log.filter((entry) => entry.name === DOMAIN && entry.host === host);
  await go(page, HASH);
  await logged((log) => slow(log, FIRST).length > 0 && log.every(({ end, name }) => end || name === DOMAIN));
  await page.clock.runFor(4_900);
  const early = await front.log();
  assert.deepEqual(slow(early, SECOND), [], "another resolver was asked too early");
  assert.ok(
    slow(early, FIRST).every(({ end }) => end === null),
    "given up too early",
  );
  await page.clock.runFor(200);
  await logged((log) => slow(log, SECOND).length > 0, "no second resolver was asked");
  const done = page.locator('[data-state="done"]');
  for (let second = 0; second < 60 && (await done.count()) === 0; second += 1) await page.clock.runFor(1_000);
  assert.equal(await done.count(), 1, "no end in sight");
  const found = (await findings(page)).filter(({ failed }) => failed);
  assert.ok(found.length > 0);
  assert.deepEqual(found.filter(isConclusion), []);
  assert.ok((await page.locator("main").textContent()).includes(say("failure.timed-out")));
});

test("bodies without end neither block the page nor go on when it has had enough", async (t) => {
  for (const body of ["endless", "bomb"]) {
    await front.reset({ all: body });
    const page = await openPage(t, HASH, { allow: failedRequests, opened: watchBlocking });
    await finished(page);
    const log = await logged((log) => log.every(({ end }) => end), "it goes on");
    const most = Math.max(...log.map(({ poured = 0 }) => poured));
    // What lies in buffers on the way counts too: browsers take some megabytes ahead of the page.
    assert.ok(most < 2 ** 26, `${most} octets were sent`);
    const longest = await longestBlock(page);
    t.diagnostic(`${body}: ${log.length} requests, ${most} octets poured, blocked for ${Math.round(longest)} ms at most`);
  }
});

test("an answer that drips in is no answer in time, and does not go on", async (t) => {
  await front.reset({ names: { [DOMAIN]: "drip" } });
  const page = await openPage(t, HASH, { allow: failedRequests });
  await finished(page);
  await logged((log) => log.every(({ end }) => end), "it goes on");
  const found = (await findings(page)).filter(({ failed }) => failed);
  assert.ok(found.length > 0);
  assert.deepEqual(found.filter(isConclusion), []);
  assert.ok((await page.locator("main").textContent()).includes(say("failure.timed-out")));
});

for (const fault of ["refused", "notimp"]) {
  test(`where the first resolver says ${fault}, another one is asked`, async (t) => {
    const page = await openPage(t, HASH);
    await finished(page);
    const healthy = await said(page);
    await front.reset({ hosts: { [FIRST]: fault } });
    await runs(page, () => button(page, "ui.again").click());
    assert.deepEqual(await said(page), healthy);
    const log = await front.log();
    const refused = log.filter(({ host }) => host === FIRST).length;
    // It comes last once it has said nothing else; what was under way by then is asked twice.
    assert.ok(refused > 0 && refused <= 32, `${refused} of ${log.length} requests to one that refuses`);
  });
}

for (const fault of ["once-502", "once-drop"]) {
  test(`a lone resolver that fails once (${fault}) is asked again`, async (t) => {
    await front.reset({ names: { [DOMAIN]: fault, [`_dmarc.${DOMAIN}`]: fault } });
    const page = await openPage(t, HASH, {
      allow: failedRequests,
      storage: { "mail-triage.resolver": `${front.url}/dns-query` },
    });
    await finished(page);
    assert.equal((await findings(page)).some(({ failed }) => failed), false);
    const log = (await front.log()).filter(({ name, type }) => name === DOMAIN && type === "MX");
    assert.ok(log.length >= 2, "it never failed");
  });
}

test("a dead resolver of one's own is not hammered, and the end comes soon", async (t) => {
  await front.reset({ all: "502" });
  const page = await openPage(t, "", {
    allow: failedRequests,
    storage: { "mail-triage.resolver": `${front.url}/dns-query` },
  });
  const start = performance.now();
  await go(page, HASH);
  await finished(page);
  const log = await front.log();
  t.diagnostic(`${log.length} requests, ${Math.round(performance.now() - start)} ms`);
  assert.ok(log.length > 1 && log.length <= 48, `${log.length} requests`);
  assert.deepEqual((await findings(page)).filter(isConclusion), []);
});

test("a resolver of one's own that is slow and has six connections fails nothing", async (t) => {
  // HTTP/1.1, and two seconds an answer: sixteen at a time would wait in the browser, on their own time.
  await front.reset({ all: "delay:2000" });
  const page = await openPage(t, check("bakery.example"), {
    allow: failedRequests,
    storage: { "mail-triage.resolver": `${front.url}/dns-query` },
  });
  await finished(page, 120_000);
  const log = await front.log();
  assert.ok(log.length > 24 && log.every(({ http }) => http === "1.1"), `${log.length} requests`);
  assert.ok(Math.max(...log.map(({ inFlight }) => inFlight)) <= 6);
  assert.deepEqual(log.filter(({ aborted }) => aborted), []);
  assert.equal((await findings(page)).some(({ failed }) => failed), false);
});

test("a resolver that asks for patience gets it", async (t) => {
  await front.reset({ all: "429" });
  const page = await openPage(t, "", {
    allow: failedRequests,
    // One resolver alone, so that there is nobody else to ask meanwhile.
    storage: { "mail-triage.resolver": `${front.url}/dns-query` },
  });
  await go(page, HASH);
  const refused = await logged((log) => log.some(({ end }) => end), "nothing was asked");
  await front.rules({ all: "ok" });
  await finished(page);
  const log = await front.log();
  const first = refused[0];
  const next = log.filter(({ name, type }) => name === first.name && type === first.type)[1];
  assert.ok(next.start - first.end >= 950, `asked again after ${next.start - first.end} ms`);
  assert.equal(
    (await findings(page)).some(({ failed }) => failed),
    false,
  );
});
