// The address that sends is checked without being asked where the SPF record names it, and asked for where it does not.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { check, finished, front, openPage } from "./lib/harness.mjs";
import { box, onePage, runs, say, until } from "./lib/page.mjs";

beforeEach(() => front.reset());

const SENDER = "11.22.33.44";
const owner = (page, ip = SENDER) => page.locator(`.owner[data-subject="${ip}"]`);

for (const lang of ["en", "zh-Hant"]) {
  describe(lang, () => {
    const visit = onePage();

    test("the one address of the SPF record is on lists: one cause, which leads to the lists and the owner", async (t) => {
      const page = await openPage(t, check("listed-shop.example", { lang }), { lang });
      await finished(page);
      const causes = page.locator(".causes > li");
      const listed = page.locator("#cause-BL-010");
      assert.equal(await page.locator(".causes a[id^=cause-BL]").count(), 1, "one fact is one cause");
      assert.ok((await causes.first().innerText()).includes(SENDER), await causes.first().innerText());
      assert.equal(await page.locator("#which-sends").count(), 0, "nothing is left to ask");
      await listed.click();
      await until(page, () => document.activeElement?.closest("details.finding")?.open);
      const why = say("senders.why.other", { ips: SENDER }, "zh-Hant");
      const wanted = lang === "en" ? say("senders.why.one", { ips: SENDER }) : why;
      assert.equal(await page.locator("#why-these").innerText(), wanted);
      assert.ok(await owner(page).isVisible());
      const shown = await owner(page).innerText();
      for (const part of ["11.22.32.0/20", "EXAMPLE-CLOUD - Example Cloud Ltd. (AS64500)", "TW", "abuse@cloud.test"])
        assert.ok(shown.includes(part), `${part} is not in ${shown}`);
      assert.ok(shown.includes(say("owner.kind.hoster", {}, lang)), shown);
      assert.equal(await owner(page).locator("dd a").getAttribute("href"), "mailto:abuse@cloud.test");
    });

    test("the message to whoever owns the address names its network and asks for what only they can do", async (t) => {
      const page = await openPage(t, check("no-name.example", { lang }), { lang });
      await finished(page);
      await page.locator("#cause-PTR-030").click();
      await owner(page, "11.22.33.79").getByRole("button", { name: say("owner.write", {}, lang) }).click();
      await until(page, () => document.querySelector("#ticket-text")?.value.includes("11.22.33.79"));
      assert.equal(await page.locator("#ticket-party").inputValue(), "owner");
      const text = await page.locator("#ticket-text").inputValue();
      assert.ok(text.includes("11.22.32.0/20, AS64500, EXAMPLE-CLOUD - Example Cloud Ltd."), text);
      assert.ok(text.includes("25") && text.includes("PTR-030"), text);
      assert.match(await page.locator("#ticket-mail").getAttribute("href"), /^mailto:abuse@cloud\.test\?subject=/);
    });

    test("where the record names ranges the question stands among the first things to do", async (t) => {
      const page = await visit(t, check("which-sends.example", { lang }));
      await finished(page);
      const question = page.locator(".causes > #which-sends");
      assert.ok(await question.isVisible());
      assert.equal(await question.locator("h3").innerText(), say("senders.title", {}, lang));
      const offers = await question
        .locator("button.choose")
        .evaluateAll((all) => all.map((one) => [one.dataset.ip, one.innerText]));
      const said = Object.fromEntries(offers);
      const [own, sends, receives] = ["domain", "sends", "receives"].map((key) => say(`senders.${key}`, {}, lang));
      assert.equal(said["11.22.33.44"], `11.22.33.44\nmail.listed-shop.example · ${own} · ${sends}`);
      assert.equal(said["11.22.33.12"], `11.22.33.12\nmx.which-sends.example · ${own} · ${receives}`);
      const included = say("senders.included", { name: "_spf.hosting.test" }, lang);
      assert.equal(said["11.22.34.20"], `11.22.34.20\nmail.hosting.test · ${included} · ${sends}`);
      // What somebody wrote into the reverse zone is text.
      assert.ok(said["11.22.33.46"].includes("script"), said["11.22.33.46"]);
      assert.equal(await question.locator("script").count(), 0);
      for (const button of await question.locator("button").all()) {
        const { height } = await button.boundingBox();
        assert.ok(height >= 44, `${height} px are too few for a finger`);
      }
    });
  });
}

test("an answer to the question is checked there and then", async (t) => {
  const page = await openPage(t, check("which-sends.example"), { width: 360, height: 740 });
  await finished(page);
  const asked = (log) => log.filter(({ name }) => name.startsWith("44.33.22.11.bl."));
  assert.deepEqual(asked(await front.log()), [], "no list is asked before somebody says which");
  await runs(page, () => page.locator('#which-sends button[data-ip="11.22.33.44"]').click());
  await page.locator("#cause-BL-010").waitFor();
  assert.ok(asked(await front.log()).length > 0);
  assert.equal(await page.locator("#which-sends").count(), 0);
  assert.ok(page.url().includes("ip=11.22.33.44"), page.url());
});

test("another address can be typed in from the question", async (t) => {
  const page = await openPage(t, check("which-sends.example"));
  await finished(page);
  await page.locator("#which-sends").getByRole("button", { name: say("senders.enter") }).click();
  await until(page, () => document.activeElement?.name === "ip");
  assert.equal(await box(page).inputValue(), "which-sends.example");
});

test("shared servers of a provider are neither the user's doing nor unknown", async (t) => {
  const page = await openPage(t, check("clinic.example"));
  await finished(page);
  assert.equal(await page.locator("#which-sends").count(), 0);
  const sentence = await page.locator(".summary-line").innerText();
  assert.ok(!sentence.includes(say("headline.sending-address")), sentence);
  const shared = page.locator('[data-code="BL-140"]');
  await page.locator("#step-1 > details > summary").click();
  assert.ok(await shared.isVisible(), "it stands in no fold");
  const text = await shared.innerText();
  assert.ok(text.includes("Microsoft 365"), text);
  assert.match(await shared.locator("p a").first().getAttribute("href"), /^https:/);
});

test("a host of the record that cannot be looked up is said, and beside it the rest is checked", async (t) => {
  const page = await openPage(t, check("lost-sender.example"));
  await finished(page);
  const sentence = await page.locator(".summary-line").innerText();
  assert.ok(sentence.includes(say("headline.sending-address")), sentence);
  await page.locator("#step-1 > details > summary").click();
  assert.ok(await page.locator('[data-code="BL-220"]').isVisible());
  assert.ok(await owner(page, "11.22.33.10").isVisible());
});

test("directories of networks that do not answer leave nothing open and accuse nobody", async (t) => {
  await front.reset({ names: Object.fromEntries(silent.map((name) => [name, "servfail"])) });
  const page = await openPage(t, check("listed-shop.example"), { width: 360, height: 740 });
  await finished(page);
  await page.locator("#cause-BL-010").click();
  await until(page, () => document.activeElement?.closest("details.finding")?.open);
  assert.ok((await owner(page).innerText()).includes(say("owner.nothing")));
  const sentence = await page.locator(".summary-line").innerText();
  assert.ok(!sentence.includes(say("check.owner.short")), sentence);
});

const silent = ["origin.asn.cymru.com", "abuse-contacts.abusix.zone"].map((zone) => `44.33.22.11.${zone}`);
