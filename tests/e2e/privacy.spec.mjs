// What leaves the page: addresses of people, an own resolver's address, and checks that nobody asked for.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { check, finished, front, openPage, pageUrl } from "./lib/harness.mjs";
import {
  box,
  button,
  choose,
  clipboard,
  failedRequests,
  findings,
  logged,
  reopened,
  routed,
  say,
  unfold,
  until,
  visible,
} from "./lib/page.mjs";

const ADDRESS = "anna.secret@selfhosted.example";
const SECRET = /anna|secret|%40|@/i;

beforeEach(() => front.reset());

/// The addresses of all entries of the history, the title, and the link that is copied.
async function told(page) {
  const entries = await page.evaluate(() => navigation.entries().map(({ url }) => url));
  await choose(page, "ui.share");
  await page.getByRole("status").getByText(say("ui.copied")).waitFor({ state: "attached" });
  return { entries: entries.join("\n"), title: await page.title(), link: await clipboard(page), url: page.url() };
}

function assertNameless(where) {
  for (const [what, text] of Object.entries(where)) assert.equal(SECRET.test(text), false, `${what}: ${text}`);
}

describe("an e-mail address", () => {
  test("that is typed goes into no address, history, title or link", async (t) => {
    const page = await openPage(t);
    await box(page).fill(`Anna <${ADDRESS}>`);
    await routed(page, () => box(page).press("Enter"));
    await finished(page);
    assert.equal(page.url(), `${pageUrl}${check("selfhosted.example")}`);
    assertNameless(await told(page));
    assert.equal(await (await reopened(page)).inputValue(), `Anna <${ADDRESS}>`, "what was typed is gone");
  });

  for (const typed of [ADDRESS, "anna%2Bsecret@selfhosted.example", `mailto:${ADDRESS}`, "anna:secret@selfhosted.example"]) {
    test(`that is sent before the program arrives goes nowhere either: ${typed}`, async (t) => {
      let arrive;
      const there = new Promise((done) => (arrive = done));
      const opened = (page) =>
        page.route("**/*.wasm", async (route) => {
          await there;
          await route.continue();
        });
      const page = await openPage(t, "", { opened, ready: false });
      await box(page).fill(typed);
      await box(page).press("Enter");
      assert.equal(SECRET.test(page.url()), false, page.url());
      arrive();
      await finished(page);
      assert.equal(page.url(), `${pageUrl}${check("selfhosted.example")}`);
      assertNameless(await told(page));
    });
  }

  test("that a link brings is taken out of it", async (t) => {
    const page = await openPage(t, check(ADDRESS, { ip: "11.22.33.10" }));
    await finished(page);
    assertNameless(await told(page));
    const other = await openPage(t, `#/build/spf/${ADDRESS}`);
    await other.locator("#build-title").waitFor();
    assert.equal(SECRET.test(other.url()), false, other.url());
  });
});

describe("an own resolver", () => {
  const address = `${front.url}/account-4711/dns-query`;
  const ACCOUNT = /4711|127\.0\.0\.1:\d+\/account/;

  test("is called so in reports, tickets, evidence and the list of requests", async (t) => {
    const page = await openPage(t, check("too-many-lookups.example"), { storage: { "mail-triage.resolver": address } });
    await finished(page);
    await choose(page, "ui.copy.report");
    await page.getByRole("status").getByText(say("ui.copied")).waitFor({ state: "attached" });
    const report = await clipboard(page);
    assert.ok(report.includes(`(${say("resolver.own")})`), report);
    await page.locator("details.log > summary").click();
    await page.locator("details.log tbody tr").first().waitFor();
    await page.locator("#step-5 > details > summary").click();
    await page.locator("#ticket > summary").click();
    const ticket = await page.locator(".ticket-text").inputValue();
    assert.ok(ticket.includes(say("resolver.own")), ticket);
    await unfold(page);
    const shown = { report, ticket, main: await visible(page, "main"), link: (await told(page)).link };
    assert.ok(shown.main.includes(say("resolver.own")));
    for (const [what, text] of Object.entries(shown)) assert.equal(ACCOUNT.test(text), false, `${what}: ${text}`);
  });

  test("that a link names goes into no link that is copied", async (t) => {
    const page = await openPage(t, check("too-many-lookups.example", { resolver: address }));
    await button(page, "ui.resolver.use").click();
    await finished(page);
    assert.equal((await told(page)).link, `${pageUrl}${check("too-many-lookups.example")}`);
    const hrefs = await page.locator(".causes a").evaluateAll((links) => links.map((link) => link.href));
    assert.ok(hrefs.length > 0);
    assert.deepEqual(hrefs.filter((href) => ACCOUNT.test(href)), []);
    // Pressed here, the check stays what it is.
    await page.locator(".causes a").first().click();
    await until(page, () => /\/[A-Z]+-\d+/.test(location.hash));
    assert.ok(decodeURIComponent(page.url()).includes(address));
  });
});

/// Puts the page into a frame of another origin, at this fragment; gives the frame.
async function framed(t, hash) {
  // The same server under another name is another origin. The browser looks for an icon there.
  const outer = await openPage(t, "robots.txt", { ready: false, allow: failedRequests });
  await outer.goto(`${pageUrl.replace("127.0.0.1", "localhost")}robots.txt`);
  await outer.evaluate((url) => {
    const frame = document.createElement("iframe");
    Object.assign(frame, { src: url, width: 400, height: 600 });
    document.body.append(frame);
  }, pageUrl + hash);
  const frame = await (await outer.locator("iframe").elementHandle()).contentFrame();
  await frame.locator("[data-state]").first().waitFor({ state: "attached" });
  return { outer, frame };
}

describe("inside a frame of another origin", () => {
  test("nothing begins by itself, what it would be is said, and a press begins it", async (t) => {
    const { outer, frame } = await framed(t, check("selfhosted.example", { ip: "11.22.33.10" }));
    const strip = frame.locator(".notice").filter({
      hasText: say("frame.asks", { subject: ["selfhosted.example", "11.22.33.10"].join(say("list.separator")) }),
    });
    await strip.waitFor();
    // The page around it cannot do what a person does.
    await outer.evaluate((url) => (document.querySelector("iframe").src = url), `${pageUrl}${check("bookshop.example")}`);
    await frame.locator(".notice").filter({ hasText: say("frame.asks", { subject: "bookshop.example" }) }).waitFor();
    assert.deepEqual(await front.log(), []);
    await frame.locator(".notice button").click();
    await frame.locator('[data-state="done"]').waitFor({ state: "attached" });
    assert.ok((await front.log()).some(({ name }) => name === "bookshop.example"));
    assert.equal((await front.log()).some(({ name }) => name === "selfhosted.example"), false);
    // The next one waits again.
    await front.reset();
    await outer.evaluate((url) => (document.querySelector("iframe").src = url), `${pageUrl}${check("selfhosted.example")}`);
    await strip.or(frame.locator(".notice")).filter({ hasText: "selfhosted.example" }).waitFor();
    assert.deepEqual(await front.log(), []);
  });

  test("a record is not looked up either, and what is sent by hand begins at once", async (t) => {
    const { frame } = await framed(t, "#/build/spf/selfhosted.example");
    await frame.locator(".notice").filter({ hasText: "selfhosted.example" }).waitFor();
    assert.deepEqual(await front.log(), []);
    await frame.locator("a.brand").click();
    await frame.locator("#q").fill("bookshop.example");
    await frame.locator("form.ask button.primary").click();
    await frame.locator('[data-state="done"]').waitFor({ state: "attached" });
    assert.ok((await front.log()).some(({ name }) => name === "bookshop.example"));
  });

  test("inside one of its own origin it is as ever", async (t) => {
    const page = await openPage(t, "robots.txt", { ready: false, allow: failedRequests });
    await page.evaluate((url) => {
      const frame = document.createElement("iframe");
      frame.src = url;
      document.body.append(frame);
    }, `${pageUrl}${check("selfhosted.example")}`);
    await page.frameLocator("iframe").locator('[data-state="done"]').waitFor({ state: "attached" });
    assert.ok((await front.log()).length > 0);
  });
});

describe("an address that changes by itself", () => {
  const LAST = "bookshop.example";
  const first = (log, domain) => log.find(({ name }) => name === domain);

  /// Notes how long the page wants to wait for whatever it waits.
  const noting = (page) =>
    page.addInitScript(() => {
      window.waits = [];
      const later = window.setTimeout;
      let held = null;
      window.setTimeout = (then, wait, ...rest) => {
        window.waits.push(wait ?? 0);
        return later(() => (held && wait ? held.push([then, rest]) : then(...rest)), wait);
      };
      /// However slow the machine is, nothing that waits goes on until the test says so.
      window.hold = () => (held = []);
      window.goOn = () => {
        const due = held;
        held = null;
        for (const [then, rest] of due) then(...rest);
      };
    });
  /// What the page waits for by itself: drawing, a breath, a record that settles, the first paint.
  const ITS_OWN = [0, 200, 300, 500];
  const turns = (waits) => waits.filter((wait) => wait <= 1_000 && !ITS_OWN.includes(wait));

  test("begins a check once a second at most, and the last one counts", async (t) => {
    const page = await openPage(t, check("selfhosted.example"), { opened: noting });
    await finished(page);
    await front.reset();
    await page.evaluate(async (last) => {
      const turn = () => new Promise((done) => addEventListener("hashchange", done, { once: true }));
      hold();
      for (const domain of ["clinic.example", "florist.example", "choir.example", "lawfirm.example", last]) {
        const taken = turn();
        location.hash = `#/check/${domain}`;
        await taken;
      }
      goOn();
    }, LAST);
    const log = await logged((log) => first(log, LAST), "the last one does not begin");
    for (const domain of ["florist.example", "choir.example", "lawfirm.example"]) {
      assert.equal(first(log, domain), undefined, `${domain} was looked up`);
    }
    await finished(page);
    assert.ok((await findings(page)).some(({ subject }) => subject === LAST));
    const before = first(log, "clinic.example");
    if (before) assert.ok(first(log, LAST).start - before.start > 900, "less than a second lies between");
    assert.ok(turns(await page.evaluate(() => window.waits)).length > 0, "nothing had to wait");
  });

  test("does not hold up a person", async (t) => {
    const page = await openPage(t, check("selfhosted.example"), { opened: noting });
    await routed(page, () => page.evaluate(() => void (location.hash = "#/check/clinic.example")));
    await (await reopened(page)).fill(LAST);
    await page.evaluate(() => (window.waits = []));
    await routed(page, () => page.locator("form.ask button.primary").click());
    await logged((log) => first(log, LAST), "it does not begin");
    assert.deepEqual(turns(await page.evaluate(() => window.waits)), [], "a person had to wait");
    // A link of the page's own is pressed by a person, too.
    await finished(page);
    await page.evaluate(async (last) => {
      const taken = new Promise((done) => addEventListener("hashchange", done, { once: true }));
      location.hash = "#/check/clinic.example";
      await taken;
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const link = document.createElement("a");
      link.href = `#/check/${last}`;
      document.body.append(link);
      window.waits = [];
      link.click();
    }, "choir.example");
    await logged((log) => first(log, "choir.example"), "it does not begin");
    assert.deepEqual(turns(await page.evaluate(() => window.waits)), [], "a link had to wait");
  });
});
