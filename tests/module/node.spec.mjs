// The package in Node, against the local DNS.

import assert from "node:assert/strict";
import { test } from "node:test";

import { codes, doh, installed, nameAsked } from "./lib/project.mjs";

const mail = await installed("node");
const resolver = doh;
const nobody = () => Promise.reject(new Error("nobody is to be asked"));

test("a domain is checked over real lookups, and told of on the way", async () => {
  const seen = [];
  const report = await mail.check("listed-shop.example", { resolver }, ({ progress, report }) => {
    const { running, facts, progress: reported } = report();
    seen.push({ ...progress, reported, running, facts });
  });
  assert.equal(report.target.domain, "listed-shop.example");
  assert.equal(report.running, false);
  assert.ok(report.evidence.length > 20);
  for (const code of ["BL-010", "PTR-100", "MX-200", "SPF-320"]) assert.ok(codes(report).includes(code), code);
  assert.ok(seen.length > 1 && seen.some(({ running }) => running), "no progress was told");
  assert.ok(seen.every(({ done, total, reported }) => reported.done === done && reported.total === total));
  assert.ok(seen.every(({ facts }) => facts === undefined), "facts are whole only at the end");
});

test("the same facts give the same report, and nobody is asked", async () => {
  const before = await mail.check("policy.example", { resolver });
  const again = await mail.check("policy.example", { facts: before.facts, fetch: nobody });
  assert.deepEqual(again, before);
  await assert.rejects(mail.check("policy.example", { facts: before.facts.slice(9) }), { code: "facts" });
});

test("requests go by the fetch of the caller, of each instance its own", async () => {
  const asked = { one: new Set(), two: new Set() };
  const instance = (name) =>
    mail.create({
      resolver,
      fetch: (request) => {
        asked[name].add(request.url);
        return fetch(request);
      },
    });
  const [one, two] = [instance("one"), instance("two")];
  const [a, b] = await Promise.all([one.check("no-mail.example"), two.check("choir.example")]);
  assert.deepEqual([a.target.domain, b.target.domain], ["no-mail.example", "choir.example"]);
  assert.ok(asked.one.size > 5 && asked.two.size > 5);
  const of = (urls) => [...urls].every((url) => url.startsWith(`${resolver}?dns=`));
  assert.ok(of(asked.one) && of(asked.two), "something else than the resolver was asked");
  const calls = [];
  const counts = (request) => {
    calls.push(request.url);
    return fetch(request);
  };
  await one.check("no-mail.example", { fetch: counts });
  assert.ok(calls.length > 5, "the fetch of a call stands before that of its instance");
});

test("a fetch that fails is a lookup that failed, never a missing record", async () => {
  const report = await mail.check("choir.example", { resolver, fetch: nobody });
  assert.equal(report.headline.says, "nothing-checked");
  assert.ok(report.evidence.every(({ outcome }) => JSON.stringify(outcome).includes("network")));
});

test("a signal ends it, before and while it runs", async () => {
  await assert.rejects(mail.check("choir.example", { resolver, signal: AbortSignal.abort() }), { name: "AbortError" });
  const stop = new AbortController();
  const aborted = new Promise((done) => {
    const hang = ({ signal }) =>
      new Promise((_, fail) => {
        signal.addEventListener("abort", () => {
          done();
          fail(new DOMException("", "AbortError"));
        });
        stop.abort();
      });
    assert.rejects(mail.check("choir.example", { resolver, fetch: hang, signal: stop.signal }), {
      name: "AbortError",
    });
  });
  await aborted;
});

test("what cannot be read is an error with a code that stays, and asks nobody", async () => {
  for (const [target, options, code, option] of [
    ["not a domain!", {}, "target"],
    ["a.example", { ips: ["999"] }, "option", "ips"],
    ["a.example", { ips: "192.0.2.1" }, "option", "ips"],
    ["a.example", { helo: "-mail" }, "option", "helo"],
    ["a.example", { resolver: "nobody" }, "option", "resolver"],
    ["a.example", { selector: "s1" }, "option", "selector"],
    ["a.example", { zone: "what", resolver: undefined }, "option", "zone"],
    ["a.example", { zone: "", resolver: "nobody" }, "option", "resolver"],
    ["a.example", { zone: "", readPolicy: "yes" }, "option", "readPolicy"],
    ["a.example", { zone: "", facts: "x" }, "option", "zone"],
  ]) {
    const asked = assert.rejects(mail.check(target, { fetch: nobody, ...options }), (error) => {
      assert.ok(error instanceof mail.MailTriageError && error instanceof Error);
      assert.deepEqual([error.code, error.option], [code, option], error.message);
      return error.message.length > 3;
    });
    await asked;
  }
  await assert.rejects(mail.check("a.example", { fetch: 7 }), { code: "option", option: "fetch" });
});

test("several are checked, and one that cannot be read is its own affair", async () => {
  const targets = ["choir.example", "no-mail.example", "!", "ten-lookups.example", "two-spf.example"];
  const told = [];
  const results = await mail.checkMany(targets, { resolver }, ({ target }, at) => told.push([at, target]));
  assert.deepEqual(results.map(({ target }) => target), targets);
  assert.deepEqual(results.map(({ error }) => error?.code), [undefined, undefined, "target", undefined, undefined]);
  assert.ok(codes(results[4].report).includes("SPF-030"));
  assert.deepEqual(told.sort(), targets.map((target, at) => [at, target]));
  await assert.rejects(mail.checkMany(targets, { resolver, signal: AbortSignal.abort() }), { name: "AbortError" });
  await assert.rejects(mail.checkMany(targets, { what: 1 }), { option: "what" });
});

test("a change is tried over what is known", async () => {
  const before = await mail.check("two-spf.example", { resolver });
  assert.ok(codes(before).includes("SPF-030"));
  const offline = { facts: before.facts, fetch: nobody };
  const records = ["v=spf1 mx -all"];
  const after = await mail.whatIf(before, [{ name: "two-spf.example", type: "TXT", records }], offline);
  assert.ok(!codes(after).includes("SPF-030"));
  assert.ok(after.summary.stops < before.summary.stops);
  await assert.rejects(mail.whatIf(before, [{ name: "two-spf.example" }]), { code: "change" });
  await assert.rejects(mail.whatIf({ target: before.target }, []), { code: "report" });
  await assert.rejects(mail.whatIf(before, [], { offline: true }), { code: "option", option: "offline" });
  await assert.rejects(mail.whatIf(before, [], { facts: "?" }), { code: "facts" });
  const findings = before.checks.flatMap((check) => check.findings);
  const { fix } = findings.find(({ code }) => code === "SPF-030");
  assert.ok(!codes(await mail.whatIf(before, [fix], offline)).includes("SPF-030"));
});

/// A report without how much was asked for it, and what was learnt beside.
const found = ({ progress, facts, ...report }) => report;

const toGoogle = { name: "choir.example", type: "TXT", records: ["v=spf1 include:_spf.google.com -all"] };

test("what a change leads to is asked, and nothing else", async () => {
  const before = await mail.check("choir.example", { resolver });
  const asked = [];
  const counts = (request) => {
    asked.push(nameAsked(request.url));
    return fetch(request);
  };
  assert.deepEqual(found(await mail.whatIf(before, [], { resolver, fetch: counts })), found(before));
  assert.deepEqual(asked, [], "nothing has changed");
  const after = await mail.whatIf(before, [toGoogle], { resolver, fetch: counts });
  assert.ok(asked.includes("_spf.google.com"), asked.join(" "));
  const known = new Set(before.evidence.map(({ query }) => query.name));
  assert.deepEqual(asked.filter((name) => known.has(name)), []);
  assert.equal(after.running, false);
  const changed = after.evidence.find(({ query }) => query.name === "_spf.google.com");
  assert.equal(changed.outcome.status, "records");
  const zone = 'include.example. TXT "v=spf1 -all"';
  const toZone = { ...toGoogle, records: ["v=spf1 include:include.example -all"] };
  const closed = await mail.whatIf(before, [toZone], { zone, fetch: nobody });
  assert.ok(closed.evidence.some(({ query }) => query.name === "include.example"));
  // What it has learnt is a report like others.
  const instance = mail.create({ resolver, fetch: nobody });
  assert.deepEqual(found(await instance.check("choir.example", { facts: after.facts })), found(after));
  assert.deepEqual(found(await instance.whatIf(after, [])), found(after));
});

test("what a change leads to and nobody could say is not checked, never missing", async () => {
  const before = await mail.check("choir.example", { resolver });
  for (const [options, failure] of [
    [{ facts: before.facts, fetch: nobody }, "not-recorded"],
    [{ resolver, fetch: nobody }, "network"],
  ]) {
    const after = await mail.whatIf(before, [toGoogle], options);
    const outcomes = after.evidence.filter(({ query }) => query.name === "_spf.google.com").map(({ outcome }) => outcome);
    assert.ok(outcomes.length > 0 && outcomes.every((outcome) => outcome.failure?.kind === failure), JSON.stringify(outcomes));
    assert.equal(after.checks.find(({ id }) => id === "spf").verdict, "unknown");
    assert.deepEqual(codes(after).filter((code) => code.startsWith("SPF-")), ["SPF-340"]);
    // Asked again where somebody can say, for nobody was asked before.
    if (failure === "not-recorded") {
      const again = await mail.whatIf(after, [], { resolver });
      assert.deepEqual(codes(again), codes(await mail.whatIf(before, [toGoogle], { resolver })));
    }
  }
});

test("a signal ends the trying of a change, before and while it runs", async () => {
  const before = await mail.check("choir.example", { resolver });
  const changes = [toGoogle];
  await assert.rejects(mail.whatIf(before, changes, { resolver, signal: AbortSignal.abort() }), { name: "AbortError" });
  const stop = new AbortController();
  let aborted = false;
  const hang = ({ signal }) =>
    new Promise((_, fail) => {
      signal.addEventListener("abort", () => {
        aborted = true;
        fail(new DOMException("", "AbortError"));
      });
      stop.abort();
    });
  await assert.rejects(mail.whatIf(before, changes, { resolver, fetch: hang, signal: stop.signal }), { name: "AbortError" });
  assert.ok(aborted, "the request goes on");
});

test("a report is written in every form and language", async () => {
  const report = await mail.check("hostile.example", { resolver });
  const [markdown, text, html] = await Promise.all(
    ["markdown", "text", "html"].map((format) => mail.render(report, format)),
  );
  assert.match(markdown, /^# Mail Triage: hostile\.example\n/);
  assert.match(text, /^Mail Triage: hostile\.example\n/);
  assert.match(html, /^<h1>Mail Triage: hostile\.example<\/h1>\n/);
  const tags = new Set([...html.matchAll(/<\/?([^\s>]*)/g)].map(([, tag]) => tag));
  for (const tag of tags) assert.match(tag, /^(h[123]|p|ul|li|pre)$/, "markup of strangers");
  assert.match(await mail.render(report, "text", "zh-TW"), /^寄信診斷: hostile\.example\n/);
  const parts = await mail.documentOf(report, "en", { reading: "owner" });
  assert.deepEqual(parts[0], { kind: "heading", level: 1, text: "Mail Triage: hostile.example" });
  await assert.rejects(mail.render(report, "pdf"), { code: "format" });
  await assert.rejects(mail.render(report, "text", "xx"), { code: "language" });
  await assert.rejects(mail.render(report, "text", "en", { reading: "x" }), { code: "option", option: "reading" });
});

test("a code is described", async () => {
  const described = await mail.describe("SPF-030");
  assert.equal(described.level, "stops");
  assert.ok(described.title.length > 10 && described.why.length > 10 && described.source.startsWith("RFC"));
  assert.notEqual((await mail.describe("SPF-030", "zh-Hant")).title, described.title);
  await assert.rejects(mail.describe("SPF-999"), { code: "code" });
});

test("a message is explained, as text or octets", async () => {
  const error = "550 5.1.1 <bob@shop.example>: no such user";
  const refused = await mail.explainMessage(new TextEncoder().encode(error), { lang: "en" });
  assert.equal(refused.verdicts[0].cause, "recipient-unknown");
  assert.ok(refused.words[0].every((words) => words.length > 10 && !/\{\w+\}/.test(words)));
  const headers = await mail.explainMessage(
    "Received: from mail.shop.example (mail.shop.example [11.22.33.44]) by mx.rcpt.example with ESMTPS id x; " +
      "Fri, 20 Nov 2026 01:12:38 +0000\nAuthentication-Results: mx.rcpt.example; spf=pass smtp.mailfrom=shop.example\n" +
      "From: anna@shop.example\nMessage-ID: <1@shop.example>\n",
  );
  assert.equal(headers.kind, "headers");
  assert.equal(headers.words, undefined);
  assert.equal(headers.header.senderIp, "11.22.33.44");
  assert.ok(headers.remarks.some(({ kind }) => kind === "unsigned"));
  await assert.rejects(mail.explainMessage(7), { code: "message" });
});

test("places in a message are those of JavaScript", async () => {
  const error = "寄件失敗 😀: 550 5.1.1 <bob@shop.example>: no such user";
  const { text, verdicts } = await mail.explainMessage(error);
  const { start, end } = verdicts[0].span;
  assert.match(text.slice(start, end), /^[\x20-\x7e]*no such user$/);
});

test("SPF is evaluated by an entry of its own", async () => {
  const { evaluateSpf, parseRecord, createRecords } = await installed("node", "mail-triage/records");
  const message = { ip: "192.0.2.1", sender: "anna@ten-lookups.example", helo: "mx.example" };
  const found = await evaluateSpf(message, { resolver });
  assert.equal(found.lookups, found.trace.reduce((sum, { cost }) => sum + cost, 0));
  assert.ok(found.lookups >= 10 && found.records.length > 1);
  const again = await evaluateSpf(message, { facts: found.facts, fetch: nobody });
  assert.deepEqual(again, found);
  const zone = 'a.example. TXT "v=spf1 ip4:192.0.2.0/24 -all"';
  const own = createRecords({ fetch: nobody });
  assert.equal((await own.evaluateSpf({ ...message, sender: "a.example" }, { zone })).result, "pass");
  await assert.rejects(own.evaluateSpf({ ip: "x" }, { zone }), { code: "option", option: "ip" });
  const text = "v=spf1 –all ip4:1.2.3.0/33";
  const { errors } = await parseRecord("spf", text);
  assert.equal(text.slice(errors.at(-1).span.start, errors.at(-1).span.end), "/33");
  await assert.rejects(parseRecord("what", ""), { code: "kind" });
});

test("nothing is left behind in the program that calls", async () => {
  const before = new Set(Object.getOwnPropertyNames(globalThis));
  await mail.check("choir.example", { resolver });
  await mail.explainMessage("550 5.1.1 no such user");
  assert.deepEqual(Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name)), []);
});
