// The types: every example of the README is read by `tsc --strict`, and what the package offers is kept in a file.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";

import { inProject, installed, tool } from "./lib/project.mjs";

const ts = tool("typescript");
const options = {
  strict: true,
  exactOptionalPropertyTypes: false,
  noEmit: true,
  skipLibCheck: false,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
};

/// What the compiler has against files of the project.
function complaints(files) {
  const program = ts.createProgram(files, options);
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) =>
    `${file?.fileName.split("/").at(-1)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
  );
}

/// Writes a file of the project.
function file(name, text) {
  const path = inProject("types", name);
  writeFileSync(path, text);
  return path;
}

test("every example of the README is sound", () => {
  const readme = readFileSync(inProject("types", "node_modules/mail-triage/README.md"), "utf8");
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, text]) => text);
  assert.ok(examples.length >= 7, `${examples.length} examples`);
  const files = examples.map((text, at) => file(`example-${at}.ts`, `${text}\nexport {};\n`));
  assert.deepEqual(complaints(files), []);
});

test("what is wrong does not pass", () => {
  const wrong = [
    'import { check } from "mail-triage"; await check("a.example", { ip: "192.0.2.1" });',
    'import { check } from "mail-triage"; await check("a.example", { ips: "192.0.2.1" });',
    'import { check, whatIf } from "mail-triage"; await whatIf(await check("a.example"), [], { offline: true });',
    'import { render } from "mail-triage"; await render({}, "markdown");',
    'import { check, render } from "mail-triage"; await render(await check("a.example"), "pdf");',
    'import { check } from "mail-triage"; (await check("a.example")).headline.says === "well";',
    'import { parseRecord } from "mail-triage/records"; await parseRecord("mx", "");',
    'import { evaluateSpf } from "mail-triage/records"; await evaluateSpf({ sender: "a.example" });',
    'import { describe } from "mail-triage"; (await describe("SPF-010")).what;',
  ];
  const files = wrong.map((text, at) => file(`wrong-${at}.ts`, `${text}\nexport {};\n`));
  const found = complaints(files).map((complaint) => complaint.split(":")[0]);
  assert.deepEqual(found, wrong.map((_, at) => `wrong-${at}.ts`));
});

test("what calls bring is what the types say", async () => {
  const mail = await installed("node");
  const zone =
    'a.example. MX 10 mx.a.example.\nmx.a.example. A 11.22.33.44\na.example. TXT "v=spf1 mx include:b.example -all"\n' +
    'b.example. TXT "v=spf1 exists:%{i}.c.example ~all"\na.example. TXT "v=spf1 -all"\n_dmarc.a.example. TXT "v=DMARC1; p=none"\n';
  const report = await mail.check("a.example", { zone, ips: ["11.22.33.44"] });
  const spf = { ip: "192.0.2.1", sender: "a@b.example", helo: "mx.a.example" };
  const samples = {
    Report: [report, await mail.whatIf(report, [{ name: "a.example", type: "MX", records: [] }], { zone })],
    SpfEvaluation: [await mail.evaluateSpf(spf, { zone }), await mail.evaluateSpf(spf, { zone: "b.example. TXT SERVFAIL\n" })],
    ParsedRecord: [await mail.parseRecord("spf", "v=spf1 ip4:x ~all"), await mail.parseRecord("dmarc", "v=DMARC1; p=x")],
    CodeDescription: [await mail.describe("SPF-010"), await mail.describe("DOM-030", "zh-Hant")],
    DocumentPart: await mail.documentOf(report),
    MessageReading: await messages(mail),
  };
  const files = Object.entries(samples).map(([name, values]) => {
    const lines = values.map((value, at) => `export const value${at}: ${name} = ${JSON.stringify(value)};`);
    return file(`sample-${name}.ts`, `import type { ${name} } from "mail-triage";\n${lines.join("\n")}\n`);
  });
  assert.deepEqual(complaints(files), []);
});

/// Messages of several kinds, read.
function messages(mail) {
  const header =
    "Received: from mail.shop.example (mail.shop.example [11.22.33.44]) by mx.rcpt.example with ESMTPS id x; " +
    "Fri, 20 Nov 2026 01:12:38 +0000\nAuthentication-Results: mx.rcpt.example; spf=pass smtp.mailfrom=shop.example; dkim=fail header.d=shop.example\n" +
    "DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=s1; h=from; bh=eA==; b=eA==\nFrom: anna@shop.example\nMessage-ID: <1@shop.example>\n";
  const errors = [
    "550 5.1.1 <bob@shop.example>: no such user",
    "550-5.7.26 Your email has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM.",
    "554 5.7.1 Service unavailable; Client host [11.22.33.44] blocked using zen.spamhaus.org",
    "just words",
    header,
  ];
  return Promise.all(errors.map((text) => mail.explainMessage(text, { lang: "en" })));
}

const written = (checker, type, flags = 0) =>
  checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation | flags);

/// A type in one line: its fields, or what it is a name for.
function shape(checker, symbol) {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  if (!(type.flags & ts.TypeFlags.Object)) return written(checker, type, ts.TypeFormatFlags.InTypeAlias);
  const fields = checker.getPropertiesOfType(type).map((field) => {
    const isOptional = (field.flags & ts.SymbolFlags.Optional) !== 0;
    return `${field.name}${isOptional ? "?" : ""}: ${written(checker, checker.getTypeOfSymbol(field))}`;
  });
  return `{ ${fields.join("; ")} }`;
}

test("what the package offers is what was agreed", async () => {
  const program = ts.createProgram(
    ["index", "records", "element"].map((name) => inProject("types", `node_modules/mail-triage/${name}.d.ts`)),
    options,
  );
  const checker = program.getTypeChecker();
  const lines = [];
  for (const root of program.getRootFileNames()) {
    const entry = root.split("/").at(-1).replace(".d.ts", "");
    const source = checker.getSymbolAtLocation(program.getSourceFile(root));
    for (const symbol of checker.getExportsOfModule(source)) {
      const resolved = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const isValue = (resolved.flags & ts.SymbolFlags.Value) !== 0 && resolved.valueDeclaration;
      const said = isValue ? written(checker, checker.getTypeOfSymbol(resolved)) : `type ${shape(checker, resolved)}`;
      lines.push(`${entry}: ${symbol.name}: ${said}`);
    }
  }
  const text = `${lines.sort().join("\n")}\n`;
  const kept = new URL("surface.txt", import.meta.url);
  if (process.env.UPDATE) writeFileSync(kept, text);
  assert.equal(text, readFileSync(kept, "utf8"), "UPDATE=1 writes surface.txt anew");

  // What is declared is there.
  for (const entry of ["index", "records"]) {
    const there = Object.keys(await installed("types", entry === "index" ? "mail-triage" : `mail-triage/${entry}`));
    const values = lines.filter((line) => line.startsWith(`${entry}: `) && !/^\w+: \w+: type /.test(line));
    assert.deepEqual(there.sort(), values.map((line) => line.split(": ")[1]).sort());
  }
});
