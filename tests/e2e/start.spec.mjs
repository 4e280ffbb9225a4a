// What is there before the program is: the question, the checklist, and whatever is typed meanwhile.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { check, finished, front, openPage, pageUrl } from "./lib/harness.mjs";
import { box, button, failedRequests, findings, go, logged, reopened, say, texts, until, visible } from "./lib/page.mjs";

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self' https: http://127.0.0.1:* http://localhost:*; manifest-src 'self'; base-uri 'self'; " +
  "form-action 'none'; require-trusted-types-for 'script'; trusted-types service-worker";

beforeEach(() => front.reset());

test("without JavaScript: title, box, five steps and their items, in both languages", async (t) => {
  const page = await openPage(t, "", { script: false });
  const text = await visible(page);
  for (const lang of ["en", "zh-Hant"]) {
    assert.ok(text.includes(texts[lang]["static.title"]));
    for (let step = 1; step <= 5; step += 1) {
      assert.ok(text.includes(texts[lang][`step.${step}.title`]), `${lang} ${step}`);
      assert.ok(text.includes(texts[lang][`step.${step}.question`]), `${lang} ${step}`);
    }
  }
  assert.ok(await box(page).isVisible());
  assert.equal(await page.locator("ol.steps > li").count(), 5);
  assert.ok((await page.locator("ol.steps li.tick").count()) >= 20);
});

test("the security policy is the strict one, and comes first", async (t) => {
  const page = await openPage(t, "", { script: false });
  const first = page.locator("head > *").first();
  assert.equal(await first.getAttribute("http-equiv"), "Content-Security-Policy");
  assert.equal(await first.getAttribute("content"), POLICY);
  assert.equal(await page.locator("script:not([src]), style, [style]").count(), 0);
});

test("the licences of what is shipped are linked, and fetched by nobody who does not ask", async (t) => {
  const page = await openPage(t);
  assert.equal(await page.locator('footer a[href="THIRD-PARTY.txt"]:visible').count(), 1);
  const fetched = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  assert.ok(fetched.some((name) => name.endsWith(".wasm")));
  assert.deepEqual(fetched.filter((name) => name.includes("THIRD-PARTY")), []);
  const answer = await fetch(new URL("THIRD-PARTY.txt", pageUrl));
  assert.equal(answer.status, 200);
  const text = await answer.text();
  for (const name of ["yew", "domain", "wasm-bindgen", "serde"]) {
    assert.match(text, new RegExp(`^  ${name} [0-9]`, "m"));
  }
  assert.match(text, /Permission is hereby granted/);
});

test("the policy is in force", async (t) => {
  // The browser says what it has stopped; here that is wanted.
  const page = await openPage(t, "", {
    allow: [/pixel\.png' violates the following Content Security Policy/],
  });
  const stopped = await page.evaluate(() => {
    const reports = new Promise((done) =>
      document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective), {
        once: true,
      }),
    );
    window.reportViolation = () => {};
    const image = new Image();
    image.src = "https://tracker.example/pixel.png";
    return reports;
  });
  assert.equal(stopped, "img-src");
});

/// Opens the page while its program is still on its way; `arrive` lets it come. The whole of it is held, or the files that
/// `held` names.
async function early(t, options, held = "**/*.wasm") {
  let arrive;
  const there = new Promise((done) => (arrive = done));
  const opened = (page) =>
    page.route(held, async (route) => {
      await there;
      await route.continue();
    });
  const page = await openPage(t, "", { ...options, opened, ready: held === LATER });
  return { page, arrive };
}

/// The chunks of the program without which nothing can be checked.
const LATER = "**/*_{check,shared*}.wasm";

/// The questions about a name that need no program.
const FIRST = ["CNAME", "MX", "NS", "SOA", "TXT", "_dmarc TXT"];

/// What was asked by now about a domain, as in `FIRST`.
const askedAbout = async (domain) =>
  (await front.log()).filter(({ name }) => name.endsWith(domain)).map(({ name, type }) => `${name.slice(0, -domain.length).replace(".", " ")}${type}`);

/// Opens a link while the program is on its way.
async function linked(t, hash, options) {
  let arrive;
  const there = new Promise((done) => (arrive = done));
  const opened = (page) => page.route("**/*.wasm", (route) => there.then(() => route.continue()));
  const page = await openPage(t, hash, { ...options, opened, ready: false });
  return { page, arrive };
}

test("the first questions of a link are asked while the program comes, once, and stand in the list of requests", async (t) => {
  const { page, arrive } = await linked(t, check("selfhosted.example"));
  await logged((log) => log.length === FIRST.length, "the first questions");
  assert.deepEqual((await askedAbout("selfhosted.example")).sort(), FIRST);
  arrive();
  await finished(page);
  const again = (await askedAbout("selfhosted.example")).filter((question) => FIRST.includes(question));
  assert.deepEqual(again.sort(), FIRST, "asked twice");
  await page.locator("details.log > summary").click();
  await page.locator("details.log tbody tr").first().waitFor();
  const listed = await page.locator("details.log tbody th").allInnerTexts();
  for (const question of FIRST) {
    const said = question.startsWith("_") ? question.replace(" ", ".selfhosted.example ") : `selfhosted.example ${question}`;
    assert.equal(listed.filter((text) => text.trim() === said).length, 1, said);
  }
});

test("what was asked before the program came and brings nothing is asked again elsewhere", async (t) => {
  await front.reset({ hosts: { "cloudflare-dns.com": "502" } });
  const { page, arrive } = await linked(t, check("selfhosted.example"), { allow: failedRequests });
  await logged((log) => log.length === FIRST.length, "the first questions");
  arrive();
  await finished(page);
  const asked = (await askedAbout("selfhosted.example")).filter((question) => FIRST.includes(question));
  assert.deepEqual(asked.sort(), FIRST.flatMap((question) => [question, question]));
  const open = (await findings(page)).filter(({ level, subject }) => level === "unknown" && subject === "selfhosted.example");
  assert.deepEqual(open, []);
});

for (const [name, hash, storage] of [
  ["that names a resolver", check("selfhosted.example", { resolver: "google" }), {}],
  ["where another resolver is chosen", check("selfhosted.example"), { "mail-triage.resolver": "google" }],
  ["to an address", check("11.22.33.10"), {}],
  ["whose name is written with more than it is", check("www.selfhosted.example"), {}],
  ["to an example", "#/example/healthy", {}],
]) {
  test(`a link ${name} asks nobody before the program is there`, async (t) => {
    const { page, arrive } = await linked(t, hash, { storage });
    assert.deepEqual(await front.log(), []);
    arrive();
    await finished(page);
  });
}

/// Sends the form while the engine is on its way; the page says that it waits.
async function send(page, text) {
  await box(page).fill(text);
  await box(page).press("Enter");
  const waits = say("ui.summary.running", { subject: text });
  await page.locator("main > .note").filter({ hasText: waits }).waitFor();
  await page.getByRole("status").filter({ hasText: waits }).waitFor({ state: "attached" });
}

for (const [lang, locale] of [
  ["en", "en"],
  ["zh-Hant", "zh-TW"],
]) {
  test(`the first paint is in one language: ${lang}`, async (t) => {
    const { page, arrive } = await early(t, { lang: locale });
    const text = await visible(page);
    const other = lang === "en" ? "zh-Hant" : "en";
    assert.ok(text.includes(texts[lang]["static.title"]));
    assert.equal(text.includes(texts[other]["static.title"]), false);
    arrive();
    await page.locator("[data-state]").first().waitFor({ state: "attached" });
    assert.ok((await visible(page)).includes(texts[lang]["static.title"]));
    assert.equal(await box(page).count(), 1);
  });
}

/// Where the first visible element of each kind stands.
const places = (page) =>
  page.evaluate(() => {
    const kinds = [".site-head", "h1", ".lead", ".ask-box", ".primary", ".before h2", ".before li", ".step h2", ".step p"];
    return kinds.map((kind) => {
      const element = [...document.querySelectorAll(kind)].find((element) => element.checkVisibility());
      const { top, left } = element.getBoundingClientRect();
      return `${kind} ${Math.round(left)} ${Math.round(top)}`;
    });
  });

for (const locale of ["en", "zh-TW"]) {
  for (const width of [320, 360, 412, 768, 1280]) {
    test(`nothing moves when the program arrives: ${locale}, ${width} px`, async (t) => {
      const { page, arrive } = await early(t, { lang: locale, width });
      const before = await places(page);
      arrive();
      await page.locator('[data-state="idle"]').waitFor({ state: "attached" });
      assert.deepEqual(await places(page), before);
    });
  }
}

test("what is typed before the program arrives is kept", async (t) => {
  const { page, arrive } = await early(t);
  await box(page).pressSequentially("selfhosted.example");
  arrive();
  await page.locator("[data-state]").first().waitFor({ state: "attached" });
  assert.equal(await box(page).inputValue(), "selfhosted.example");
  assert.equal(await box(page).evaluate((box) => document.activeElement === box), true, "the caret is gone");
});

test("what is sent before the program arrives is checked", async (t) => {
  const { page, arrive } = await early(t);
  await box(page).fill("selfhosted.example");
  await box(page).press("Enter");
  assert.deepEqual(await front.log(), []);
  arrive();
  await finished(page);
  assert.ok((await findings(page)).some(({ subject }) => subject === "selfhosted.example"));
});

test("a message sent before the program arrives is read, and goes into no address", async (t) => {
  const message = "550 5.7.1 <anna.secret@selfhosted.example>: refused";
  const { page, arrive } = await early(t);
  await box(page).fill(message);
  await box(page).press("Enter");
  assert.equal(new URL(page.url()).hash, "");
  arrive();
  await page.locator(".verdict").first().waitFor();
  await button(page, "asked.change").click();
  assert.equal(await page.locator("#paste").inputValue(), message);
  assert.equal(/secret/.test(page.url()), false);
});

test("a message pasted before the program arrives keeps its lines", async (t) => {
  const message = "Delivery failed.\n\n550 5.1.1 <bob.secret@selfhosted.example>:\nno such user";
  const { page, arrive } = await early(t);
  await page.evaluate((text) => navigator.clipboard.writeText(text), message);
  await box(page).focus();
  await page.keyboard.press("Control+V");
  assert.equal(await box(page).inputValue(), "Delivery failed.");
  arrive();
  await page.locator(".verdict").first().waitFor();
  await button(page, "asked.change").click();
  assert.equal(await page.locator("#paste").inputValue(), message);
  assert.equal(new URL(page.url()).hash, "");
});

test("what was sent and corrected before the program arrives is checked as corrected", async (t) => {
  const { page, arrive } = await early(t);
  await box(page).fill("selfhosted");
  await box(page).press("Enter");
  assert.equal(new URL(page.url()).hash, "");
  await box(page).fill("selfhosted.example");
  await box(page).press("Enter");
  arrive();
  await finished(page);
  assert.equal(await (await reopened(page)).inputValue(), "selfhosted.example");
  assert.ok((await findings(page)).some(({ subject }) => subject === "selfhosted.example"));
});

test("what is typed after sending, before the program arrives, stays and is not sent", async (t) => {
  const { page, arrive } = await early(t);
  await box(page).fill("selfhosted");
  await box(page).press("Enter");
  await box(page).fill("selfhosted.exa");
  arrive();
  await page.locator('[data-state="idle"]').waitFor({ state: "attached" });
  assert.equal(await box(page).inputValue(), "selfhosted.exa");
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("what stands before an address goes into no link, whoever was there first", async (t) => {
  const { page, arrive } = await early(t);
  await box(page).fill("secret:anna@selfhosted.example");
  await box(page).press("Enter");
  assert.equal(new URL(page.url()).hash, "");
  arrive();
  await finished(page);
  // Either of the two may be a password.
  assert.equal(decodeURIComponent(new URL(page.url()).hash), "#/check/selfhosted.example");
});

for (const code of ["5.7.1", "535-5.7.8"]) {
  test(`a number of an error that is sent before the program arrives is read as one: ${code}`, async (t) => {
    const { page, arrive } = await early(t);
    await box(page).fill(code);
    await box(page).press("Enter");
    arrive();
    // Once it is explained, its field is folded to one line.
    await page.locator("#asked-of-paste").getByRole("button", { name: say("asked.change") }).click();
    assert.equal(await page.locator("#paste").inputValue(), code);
    await page.locator('[data-state="idle"]').waitFor({ state: "attached" });
    assert.equal(await page.getByRole("alert").count(), 0);
    assert.equal(new URL(page.url()).hash.includes(code), false);
  });
}

test("sent while the engine is on its way: the page says so, and checks once it is there", async (t) => {
  const { page, arrive } = await early(t, {}, LATER);
  await send(page, "selfhosted.example");
  assert.deepEqual(await front.log(), []);
  arrive();
  await finished(page);
  assert.equal(await page.locator("main > .note").count(), 0);
  assert.ok((await findings(page)).some(({ subject }) => subject === "selfhosted.example"));
});

test("sent, then an example chosen before the engine is there: the example is shown", async (t) => {
  const { page, arrive } = await early(t, {}, LATER);
  await send(page, "selfhosted.example");
  await go(page, "#/example/healthy");
  arrive();
  await finished(page);
  assert.equal(new URL(page.url()).hash, "#/example/healthy");
  // What was sent would have been asked by now.
  assert.deepEqual(await front.log(), []);
});

test("an example chosen, then another domain sent before the engine is there: only that is checked", async (t) => {
  const { page, arrive } = await early(t, {}, LATER);
  await go(page, "#/example/healthy");
  await page.evaluate(() => {
    window.examples = 0;
    new MutationObserver(() => {
      if (document.querySelector(".summary")?.textContent.includes("willow-bakery")) window.examples += 1;
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await (await reopened(page)).fill("selfhosted.example");
  await box(page).press("Enter");
  arrive();
  await until(page, () => location.hash.startsWith("#/check/selfhosted.example"));
  await finished(page);
  assert.ok((await findings(page)).some(({ subject }) => subject === "selfhosted.example"));
  assert.equal(await page.evaluate(() => window.examples), 0);
});

test("sent, then typed on before the engine is there: it is not sent half-finished", async (t) => {
  const { page, arrive } = await early(t, {}, LATER);
  await send(page, "selfhosted.example");
  await box(page).fill("bookshop.exa");
  await page.locator('[data-state="idle"]').waitFor({ state: "attached" });
  const there = page.waitForResponse(LATER);
  arrive();
  await (await there).finished();
  await box(page).fill("bookshop.example");
  await box(page).press("Enter");
  await finished(page);
  assert.equal(new URL(page.url()).hash, check("bookshop.example"));
  assert.ok((await front.log()).every(({ name }) => !name.includes("selfhosted")));
});

test("the engine cannot be had while the form waits: the page says so, and the form can be sent again", async (t) => {
  const page = await openPage(t, "", {
    allow: failedRequests,
    opened: (page) => page.route(LATER, (route) => route.abort()),
  });
  await box(page).fill("selfhosted.example");
  await box(page).press("Enter");
  const alert = page.getByRole("alert").filter({ hasText: say("ui.error.files") });
  await alert.waitFor();
  await page.locator('[data-state="idle"]').waitFor({ state: "attached" });
  assert.equal(await box(page).inputValue(), "selfhosted.example");
  await page.unroute(LATER);
  await box(page).press("Enter");
  await finished(page);
  assert.equal(await alert.count(), 0);
});

// The chunks of a check, and the texts for what it finds.
for (const held of ["**/*_check.wasm", "**/*_shared*.wasm", "**/*_results.wasm", "**/*.report.json"]) {
  test(`${held} cannot be had for a link: the page says so, and tries again`, async (t) => {
    const page = await openPage(t, check("selfhosted.example"), {
      allow: failedRequests,
      opened: (page) => page.route(held, (route) => route.abort()),
    });
    const alert = page.getByRole("alert").filter({ hasText: say("ui.error.files") });
    await alert.waitFor();
    // What draws results, and its words, come while answers are awaited; before the engine is there only the first
    // questions of a link are asked.
    if (/check|shared/.test(held)) assert.ok((await askedAbout("selfhosted.example")).every((question) => FIRST.includes(question)));
    await page.unroute(held);
    await button(page, "ui.retry").click();
    await finished(page);
    assert.equal(await alert.count(), 0);
    assert.ok((await findings(page)).some(({ subject }) => subject === "selfhosted.example"));
  });
}

test("the chunk for messages cannot be had: the page says so, and tries again", async (t) => {
  const held = "**/*_messages.wasm";
  const page = await openPage(t, "", {
    allow: failedRequests,
    opened: (page) => page.route(held, (route) => route.abort()),
  });
  await button(page, "ui.paste.open").click();
  await page.locator("#paste").fill("550 5.7.1 <anna@selfhosted.example>: refused");
  await button(page, "ui.paste.read").click();
  const alert = page.getByRole("alert").filter({ hasText: say("ui.error.files") });
  await alert.first().waitFor();
  await page.unroute(held);
  await button(page, "ui.retry").click();
  await page.locator(".verdict").first().waitFor();
  assert.equal(await alert.count(), 0);
});

for (const held of ["**/*_check.wasm", "**/*_results.wasm"]) {
  test(`${held} cannot be had for the form of a step: the form says so, and tries again`, async (t) => {
    const page = await openPage(t, "", {
      allow: failedRequests,
      opened: (page) => page.route(held, (route) => route.abort()),
    });
    const form = page.locator("details.form").first();
    await form.locator("summary").click();
    await form.getByRole("alert").filter({ hasText: say("ui.error.files") }).waitFor();
    await page.unroute(held);
    await form.getByRole("button", { name: say("ui.retry") }).click();
    await form.locator("input").first().waitFor();
  });
}

// That of tools: share.spec and many.spec.
test("there is no chunk but those whose absence is tried", async (t) => {
  const scripts = [];
  await openPage(t, "", {
    opened: (page) => page.on("response", (response) => response.url().endsWith(".js") && scripts.push(response.text())),
  });
  const named = (await Promise.all(scripts)).join("").match(/_[a-z]+\d*(?=\.wasm)/g);
  const kinds = [...new Set(named.map((name) => name.replace(/\d+$/, "")))].sort();
  assert.deepEqual(kinds, ["_bg", "_check", "_messages", "_results", "_shared", "_tools"]);
});

test("the program cannot be had: the checklist stays and says so", async (t) => {
  const page = await openPage(t, check("selfhosted.example"), {
    allow: [...failedRequests, /^error: TypeError/],
    opened: (page) => page.route("**/*.wasm", (route) => route.abort()),
    ready: false,
  });
  await page.locator("html.failed").waitFor();
  const text = await visible(page);
  assert.ok(text.includes(texts.en["step.5.question"]));
  assert.ok(await page.locator(".needs-js").isVisible());
  assert.equal(await box(page).isVisible(), false, "a box that does nothing");
});

test("no file of another origin, no cookie, nothing stored but what was chosen", async (t) => {
  const origins = new Set();
  const page = await openPage(t, "", {
    opened: (page) => page.on("request", (request) => origins.add(new URL(request.url()).origin)),
  });
  assert.deepEqual([...origins], [new URL(pageUrl).origin]);
  assert.deepEqual(await page.context().cookies(), []);
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
});
