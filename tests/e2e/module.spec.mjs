// The checks as a module for other pages.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { codes, check as hashOf, finished, front, openPage, pageUrl } from "./lib/harness.mjs";
import { failedRequests } from "./lib/page.mjs";

beforeEach(() => front.reset());

/// Opens a page of somebody else's and calls the module there. `run` gets the module and the base of its files.
async function elsewhere(t, run) {
  const index = await (await fetch(pageUrl)).text();
  const [script, program] = ["js", "wasm"].map((kind) => {
    const [, name] = new RegExp(`data-${kind}="?([^\\s">]+)`).exec(index);
    return JSON.stringify(new URL(name, pageUrl).href);
  });
  // Any document that is not our page will do; this one is served like it, and the browser looks for its icon.
  const page = await openPage(t, "robots.txt", { allow: failedRequests, ready: false });
  const result = await page.evaluate(`(async () => {
    const module = await import(${script});
    await module.default({ module_or_path: ${program} });
    return (${run})(module, ${JSON.stringify(pageUrl)});
  })()`);
  return { page, result };
}

test("another page gets the same report as ours", async (t) => {
  const { page, result } = await elsewhere(t, async ({ check }, base) => {
    const seen = [];
    const options = { ips: ["11.22.33.44"], base };
    const report = await check("listed-shop.example", options, ({ progress, running }) =>
      seen.push({ progress, running }),
    );
    return { report, seen };
  });
  const { report, seen } = result;
  assert.equal(report.version, 2);
  assert.equal(report.running, false);
  assert.equal(report.target.domain, "listed-shop.example");
  assert.ok(report.evidence.length > 20);
  const found = [
    ...new Set(report.checks.flatMap(({ findings }) => findings.map(({ code }) => code))),
  ].sort();
  assert.ok(seen.length > 2, "no progress was told");
  assert.ok(seen.some(({ running }) => running));
  assert.equal(await page.locator("body > *").count(), 1, "the module touched the page");

  const ours = await openPage(t, hashOf("listed-shop.example", { ip: "11.22.33.44" }));
  await finished(ours);
  assert.deepEqual(found, await codes(ours));
});

test("what cannot be read is an error, and asks nothing", async (t) => {
  const { result } = await elsewhere(t, async ({ check }, base) => {
    const errors = [];
    for (const [target, options] of [
      ["not a domain!", {}],
      ["selfhosted.example", { ips: ["999"] }],
      ["selfhosted.example", { helo: "-mail" }],
      ["selfhosted.example", { resolver: "nobody" }],
      ["selfhosted.example", { selector: "s1" }],
    ]) {
      await check(target, { base, ...options }).catch((error) =>
        errors.push(error instanceof Error && error.message),
      );
    }
    return errors;
  });
  assert.deepEqual(result.slice(1), [
    "option ips: 999",
    "option helo: -mail",
    "option resolver: nobody",
    "option selector: there is no such option",
  ]);
  assert.ok(typeof result[0] === "string" && result[0].length > 3, String(result));
  assert.deepEqual(await front.log(), []);
});

test("another page has a message explained, and nobody is asked", async (t) => {
  const { page, result } = await elsewhere(t, async ({ explain }, base) => {
    const text =
      "Received: from mail.shop.example (mail.shop.example [11.22.33.44]) by mx.rcpt.example with ESMTPS id x; " +
      "Fri, 20 Nov 2026 01:12:38 +0000\nAuthentication-Results: mx.rcpt.example; spf=pass smtp.mailfrom=shop.example\n" +
      "From: anna@shop.example\nMessage-ID: <1@shop.example>\n";
    const error = "550 5.1.1 <bob@shop.example>: no such user";
    const headers = await explain(text, { base });
    const refused = await explain(new TextEncoder().encode(error), { base, lang: "en" });
    const wrong = await explain(7, { base }).catch((error) => error instanceof Error && error.message);
    return { headers, refused, wrong };
  });
  const { headers, refused, wrong } = result;
  assert.equal(headers.version, 1);
  assert.equal(headers.kind, "headers");
  assert.equal(headers.header.hops.length, 1);
  assert.equal(headers.header.senderIp, "11.22.33.44");
  assert.equal(headers.header.results[0].trust, "receiver");
  assert.deepEqual(headers.header.results[0].results[0].properties, { "smtp.mailfrom": "shop.example" });
  assert.ok(headers.remarks.some(({ kind }) => kind === "unsigned"));
  assert.equal(refused.verdicts[0].cause, "recipient-unknown");
  assert.equal(refused.words.length, 1);
  assert.ok(refused.words[0].every((words) => words.length > 10 && !/\{\w+\}/.test(words)));
  assert.ok(typeof wrong === "string" && wrong.length > 3);
  assert.deepEqual(await front.log(), []);
  assert.equal(await page.locator("body > *").count(), 1, "the module touched the page");
});

test("a signal ends it", async (t) => {
  await front.reset({ all: "hold" });
  const { result } = await elsewhere(t, async ({ check }, base) => {
    const controller = new AbortController();
    const ended = check("selfhosted.example", { base, signal: controller.signal }).then(
      () => "done",
      (error) => error.name,
    );
    await new Promise((done) => {
      new PerformanceObserver((list, observer) => {
        if (!list.getEntries().some(({ name }) => name.includes("providers.json"))) return;
        observer.disconnect();
        done();
      }).observe({ type: "resource", buffered: true });
    });
    controller.abort();
    return ended;
  });
  assert.equal(result, "AbortError");
});

test("the policy file is read only if that is wished, or given", async (t) => {
  const text = "version: STSv1\nmode: enforce\nmx: *.hosting.test\nmax_age: 604800\n";
  await front.reset({ policies: { "mta-sts.policy.example": { cors: true, text } } });
  const { result } = await elsewhere(t, async ({ check }, base) => {
    const all = [];
    const text = "version: STSv1\nmode: testing\nmx: *.hosting.test\nmax_age: 604800\n";
    for (const options of [{}, { readPolicy: true }, { mtaStsPolicy: text }]) {
      const { checks } = await check("policy.example", { base, ...options });
      const { findings } = checks.find(({ id }) => id === "mta-sts");
      all.push(findings.map(({ code }) => code).join(" "));
    }
    return all;
  });
  assert.deepEqual(result, ["STS-010", "STS-100", "STS-110"]);
  assert.equal((await front.log()).filter(({ path }) => path.includes("mta-sts")).length, 1);
});
