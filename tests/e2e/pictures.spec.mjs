// The pictures of step 4: the tree of an SPF record, and how mail is judged.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { assertAccessible, check, finished, front, openPage } from "./lib/harness.mjs";
import { button, onePage, routed, say, texts, unfold } from "./lib/page.mjs";

beforeEach(() => front.reset());

const OVER = "too-many-lookups.example";
const GOOGLE = "209.85.220.41";
const STRANGER = "11.22.33.200";

/// Most tests only read what a result shows; one that asks for more of the page, or lets lookups fail that others need,
/// has a page of its own.
const visit = onePage();

async function opened(t, hash, options) {
  const page = options ? await openPage(t, hash, options) : await visit(t, hash);
  await finished(page);
  await unfold(page);
  return page;
}

/// The rows of the drawing and of the list: number, whether it is lit, what it says.
const rows = (page, selector) =>
  page.locator(selector).evaluateAll((all) =>
    all.map((row) => ({
      row: row.dataset.row,
      lit: row.classList.contains("lit"),
      title: (row.querySelector(":scope > .t") ?? row.querySelector(":scope > b")).textContent,
      marks: [...row.querySelectorAll(":scope > [data-level]:not(path)")].map((mark) => mark.textContent),
      term: row.querySelector(":scope > code")?.textContent ?? "",
    })),
  );
const drawn = (page) => rows(page, ".tree-svg > .row");
const listed = (page) => rows(page, ".tree-list li");

describe("the tree of an SPF record", () => {
  for (const lang of ["en", "zh-Hant"]) {
    test(`shows nested includes, who is behind them, and the branch that is too many, in ${lang}`, async (t) => {
      const page = await opened(t, check(OVER, { ip: GOOGLE, lang }));
      const count = page.locator("#spf-tree .tree-count");
      assert.equal(await count.textContent(), say("spf-tree.count.other", { n: 14 }, lang));
      assert.equal(await count.getAttribute("data-level"), "stops");
      assert.equal(await page.locator(".gauge .cell").count(), 14);
      assert.equal(await page.locator(".gauge .cell.beyond").count(), 4);

      const [drawing, list] = [await drawn(page), await listed(page)];
      assert.equal(list[0].title, OVER);
      for (const who of ["Google Workspace", "Microsoft 365", "Twilio SendGrid", "Mailchimp", "Zendesk"]) {
        assert.ok(
          list.some(({ title }) => title.startsWith(who)),
          `${who}: ${list.map(({ title }) => title).join(", ")}`,
        );
      }
      // The list says what the drawing shows, row by row; only long texts are cut in the drawing.
      assert.deepEqual(
        drawing.map(({ row, lit }) => ({ row, lit })),
        list.map(({ row, lit }) => ({ row, lit })),
      );
      for (const [at, { title, marks }] of drawing.entries()) {
        const same = (drawn, whole) => drawn === whole || whole.startsWith(drawn.replace(/…$/, ""));
        assert.ok(same(title, list[at].title), `${title} | ${list[at].title}`);
        assert.deepEqual(marks.length, list[at].marks.length);
      }
      const nested = page.locator('.tree-list li li li:has-text("_netblocks.google.com")');
      assert.equal(await nested.count(), 1);

      const exceeds = list.filter(({ marks }) => marks.includes(say("spf-tree.mark.exceeds", {}, lang)));
      assert.equal(exceeds.length, 1);
      assert.equal(exceeds[0].term, "include:mail.zendesk.com");

      // The address belongs to Google: the way goes from the domain by the include to the range.
      const way = list.filter(({ lit }) => lit).map(({ term }) => term.split(":")[0]);
      assert.deepEqual(way, ["", "include", "include", "ip4"]);
      const end = page.locator(".tree-list .end");
      assert.equal(await end.textContent(), say("spf-tree.ends.pass", { ip: GOOGLE }, lang));
      assert.equal(await page.locator(".tree-svg .link.lit").count(), 3);
    });
  }

  test("is drawn as SVG, and every cell stands where its number says", async (t) => {
    const page = await opened(t, check(OVER));
    const namespaces = await page
      .locator(".tree-svg, .tree-svg *, .gauge, .wires *")
      .evaluateAll((all) => [...new Set(all.map(({ namespaceURI }) => namespaceURI))]);
    assert.deepEqual(namespaces, ["http://www.w3.org/2000/svg"]);
    const numbers = await page.locator(".tree-svg .number").allTextContents();
    assert.deepEqual(
      numbers,
      Array.from({ length: 14 }, (_, at) => String(at + 1)),
    );
    const box = await page.locator(".tree-svg").evaluate((svg) => {
      const outer = svg.getBoundingClientRect();
      const inside = (element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return left >= outer.left - 1 && right <= outer.right + 1 && top >= outer.top && bottom <= outer.bottom;
      };
      return [...svg.querySelectorAll("text, rect, path")].filter((element) => !inside(element)).length;
    });
    assert.equal(box, 0, "everything is inside the picture");
  });

  test("no text runs into the lookups, in either language, with names of any length", async (t) => {
    for (const [domain, lang] of [
      [OVER, "en"],
      [OVER, "zh-Hant"],
      ["bottomless.example", "en"],
      ["hostile-spf.example", "en"],
      ["void-lookups.example", "zh-Hant"],
    ]) {
      const page = await opened(t, check(domain, { lang }));
      const wide = await page
        .locator(".tree-svg .row > :is(.t, .term, .mark)")
        .evaluateAll((all) =>
          all.map((text) => text.getBBox()).filter(({ x, width }) => x + width > 414).length,
        );
      assert.equal(wide, 0, `${domain} ${lang}`);
    }
  });

  // Which branch has which mark is the engine's to say (tests/native/pictures.rs).
  for (const [domain, key, term] of [
    ["include-unknown.example", "unknown", "include:spf.servfail.example"],
    ["after-all.example", "ignored", "include:sendgrid.net"],
    ["plus-all.example", "open", "+all"],
  ]) {
    test(`marks the branch: ${key}`, async (t) => {
      const page = await opened(t, check(domain));
      const text = texts.en[`spf-tree.mark.${key}`].split("{")[0];
      const marked = (await listed(page)).filter(({ marks }) => marks.some((mark) => mark.startsWith(text)));
      assert.deepEqual([...new Set(marked.map(({ term }) => term))], [term]);
    });
  }

  test("says in its line how many branches are faulty", async (t) => {
    const page = await opened(t, check("dangling-include.example"));
    const fault = page.locator("#spf-tree .picture-line .state");
    assert.equal(await fault.textContent(), say("spf-tree.count.faulty.one", { n: 1 }));
    assert.equal(await fault.getAttribute("data-level"), "stops");
  });

  test("a lookup that failed makes the number a minimum", async (t) => {
    const page = await opened(t, check("include-unknown.example"));
    const count = await page.locator("#spf-tree .tree-count").textContent();
    assert.match(count, /^at least /);
  });

  test("follows the sending address that is chosen", async (t) => {
    const page = await opened(t, check("bakery.example", [["ip", GOOGLE], ["ip", STRANGER]]));
    const end = page.locator(".tree-list .end");
    assert.equal(await end.textContent(), say("spf-tree.ends.pass", { ip: GOOGLE }));
    await page.locator("#spf-tree").getByRole("button", { name: STRANGER }).click();
    await page
      .locator(".tree-list .end")
      .getByText(say("spf-tree.ends.softfail", { ip: STRANGER }))
      .waitFor({ state: "attached" });
    const pressed = page.locator('#judged button[aria-pressed="true"]');
    assert.equal(await pressed.textContent(), STRANGER, "the other picture follows too");
  });

  test("a hostile tree ends", async (t) => {
    const page = await opened(t, check("bushy.example"));
    const all = await drawn(page);
    assert.ok(all.length > 10 && all.length <= 40, `${all.length} rows`);
    assert.equal(await page.locator(".tree > .note").count(), 1);
  });

  test("a domain without a record has none", async (t) => {
    const page = await opened(t, check("no-spf.example"));
    assert.equal(await page.locator("#spf-tree").count(), 0);
    assert.equal(await page.locator("#judged").count(), 1);
  });
});

describe("how mail is judged", () => {
  const verdict = (page) => page.locator(".dmarc").getAttribute("data-verdict-of-dmarc");
  const places = (page) =>
    page
      .locator(".fate")
      .evaluateAll((all) => Object.fromEntries(all.map(({ dataset }) => [dataset.place, dataset.chance])));

  for (const lang of ["en", "zh-Hant"]) {
    test(`a sender that SPF allows reaches the inbox, in ${lang}`, async (t) => {
      const page = await opened(t, check("bakery.example", { ip: GOOGLE, lang }));
      assert.equal(await verdict(page), "pass");
      assert.deepEqual(await places(page), { inbox: "yes", junk: "no", refused: "no" });
      const text = await page.locator(".judged-say").textContent();
      assert.equal(text, say("judge.say.pass", { ip: GOOGLE, from: "bakery.example" }, lang));
      assert.equal(await page.locator(".judged-ask").count(), 0);
    });

    test(`a sender that it does not allow needs a signature, in ${lang}`, async (t) => {
      const page = await opened(t, check("bakery.example", { ip: STRANGER, lang }));
      assert.equal(await verdict(page), "if-signed");
      assert.deepEqual(await places(page), { inbox: "maybe", junk: "maybe", refused: "no" });
      const end = say("judge.end.quarantine", {}, lang);
      const text = await page.locator(".judged-say").textContent();
      assert.equal(text, say("judge.say.if-signed", { ip: STRANGER, end }, lang));
    });
  }

  test("an address that the SPF record names is followed without being asked", async (t) => {
    const page = await opened(t, check("selfhosted.example"));
    assert.equal(await verdict(page), "pass");
    assert.ok((await page.locator("#judged").textContent()).includes("11.22.33.10"));
    assert.equal(await page.locator(".judged-ask").count(), 0);
  });

  test("without an address it says what is missing and offers what SPF names", async (t) => {
    const page = await opened(t, check("which-sends.example"));
    assert.equal(await verdict(page), "if-sender");
    const ask = page.locator(".judged-ask");
    await ask.getByText(say("judge.ask")).waitFor();
    const offered = await ask.getByRole("button").allTextContents();
    assert.equal(offered.at(-1), say("judge.ask.enter"));
    assert.ok(offered.length > 1, "addresses of the record are offered");
    await routed(page, () => ask.getByRole("button").first().click());
    await finished(page);
    assert.equal(await verdict(page), "pass");
  });

  test("without an address it names the providers that may send in any case", async (t) => {
    const page = await opened(t, check("bakery.example"));
    const services = say("judge.services", { names: "Google Workspace" });
    await page.locator(".judged-ask").getByText(services).waitFor();
    await page.locator(".judged-ask").getByText(say("judge.ask.type")).waitFor();
  });

  test("an address can be typed: the field is opened and has the focus", async (t) => {
    const page = await opened(t, check("which-sends.example"));
    await button(page, "judge.ask.enter").click();
    await page.waitForFunction(() => document.activeElement?.id === "q-ip");
  });

  test("a domain that sends nothing is not blamed for it", async (t) => {
    const page = await opened(t, check("parked.example"));
    assert.equal(await page.locator("#judged").getAttribute("data-level"), "info");
    assert.equal(await verdict(page), "fail");
    assert.deepEqual(await places(page), { inbox: "no", junk: "no", refused: "yes" });
    assert.equal(await page.locator(".judged-ask").count(), 0);
    assert.doesNotMatch(await page.locator("#judged").textContent(), /\{\w+\}/);
  });

  test("what could not be looked up gives no verdict", async (t) => {
    await front.reset({ names: { "bakery.example": "servfail" } });
    const page = await opened(t, check("bakery.example", { ip: GOOGLE }), {});
    assert.equal(await verdict(page), "unknown");
    assert.equal(await page.locator(".judged-say").textContent(), say("judge.say.unknown"));
    assert.equal(await page.locator("#spf-tree").count(), 0);
    assert.match(await page.locator(".pair .box").first().textContent(), /SERVFAIL/);
  });
});

describe("the pictures", () => {
  for (const [what, hash] of [
    ["a broken domain with an address", check(OVER, { ip: STRANGER })],
    ["a healthy domain without", check("bakery.example")],
    ["a failed lookup", check("include-unknown.example")],
  ]) {
    test(`axe has nothing to say about ${what}`, async (t) => {
      const page = await opened(t, hash, { axe: true });
      await assertAccessible(page, { where: "#step-4", both: true });
    });
  }

  for (const lang of ["en", "zh-Hant"]) {
    test(`fit on the smallest screen, where the list takes the drawing's place, in ${lang}`, async (t) => {
      const page = await opened(t, check(OVER, { ip: GOOGLE, lang }), { width: 320 });
      const { scroll, client } = await page.evaluate(() => ({
        scroll: document.documentElement.scrollWidth,
        client: document.documentElement.clientWidth,
      }));
      assert.ok(scroll <= client, `${scroll} wide on ${client}`);
      assert.equal(await page.locator(".tree-svg").isVisible(), false);
      const item = page.locator(".tree-list li").nth(3);
      assert.ok((await item.boundingBox()).width > 200, "the list is seen");
    });
  }

  test("stand in the recorded examples too", async (t) => {
    for (const [id, lookups] of [
      ["broken", 12],
      ["healthy", 1],
    ]) {
      const page = await opened(t, `#/example/${id}`);
      const count = await page.locator("#spf-tree .tree-count").textContent();
      assert.match(count, new RegExp(`\\b${lookups}\\b`));
      assert.equal(await page.locator(".judged .box").count(), 7);
      assert.equal(await page.locator(".judged-ask button").count(), 0, "an example asks nothing");
    }
  });
});
