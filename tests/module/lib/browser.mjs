// A browser, and sites of somebody else's.

import { after } from "node:test";
import { createServer } from "node:http";
import { createReadStream, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";

import { launch } from "../../e2e/lib/browser.mjs";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/// Serves a folder below a path that is not the root; `headers` are sent with everything. Ends with the tests of the file.
export async function serve(folder, headers = {}) {
  const base = "/some/path/";
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = join(folder, normalize(pathname.slice(base.length - 1)));
    const isFile = pathname.startsWith(base) && statSync(file, { throwIfNoEntry: false })?.isFile();
    if (!isFile) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "text/plain", ...headers });
    createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  after(() => server.close());
  return `http://127.0.0.1:${server.address().port}${base}`;
}

let browser;
after(async () => (await browser)?.close());

/// Opens a page in a context of its own, closed with the test. What it says to the console, throws, or violates of its policy
/// stands in `noise`.
export async function open(t, url, options = {}) {
  // Nothing listens there: whatever is asked beside loopback fails.
  browser ??= launch({ tlsPort: 9 });
  const context = await (await browser).newContext(options);
  t.after(() => context.close());
  const page = await context.newPage();
  const noise = [];
  page.on("console", (message) => noise.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => noise.push(`uncaught: ${error}`));
  await page.exposeBinding("violated", (_, text) => noise.push(`CSP: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      violated(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
  await page.goto(url);
  return { page, noise };
}
