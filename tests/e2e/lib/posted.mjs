// A page that measures itself, in a frame of a page that posts the result: whatever steers a browser from outside is told of
// every request and keeps its answer, which costs as much as the page's own work on it.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CHROMIUM, options } from "./browser.mjs";

/// Opens the page of this name, which lies beside this file, with `rest` behind its address, in a browser of its own; gives what
/// it posts, and what `look` says of the process of the browser by then.
export async function posted(name, rest, { tlsPort, limit, look }) {
  const html = await readFile(new URL(name, import.meta.url));
  const home = await mkdtemp(join(tmpdir(), "mail-triage-bench-"));
  let browser;
  const result = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the browser sent no result")), limit);
    const server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url, "http://localhost");
      if (pathname === "/result") {
        let body = "";
        for await (const chunk of request) body += chunk;
        response.end();
        clearTimeout(timer);
        resolve({ ...JSON.parse(body), ...look?.(browser.pid) });
      } else if (pathname === `/${name}`) {
        response.setHeader("content-type", "text/html").end(html);
      } else {
        await forward(request.url, response);
      }
    });
    server.listen(0, "127.0.0.1", () => {
      const args = [
        "--headless",
        "--no-first-run",
        // Its cache in memory.
        "--incognito",
        "--ignore-certificate-errors",
        `--user-data-dir=${home}`,
        ...options({ tlsPort }),
        `http://127.0.0.1:${server.address().port}/${name}${rest}`,
      ];
      browser = spawn(CHROMIUM, args, { stdio: "ignore" });
      browser.on("error", reject);
    });
    server.unref();
  });
  try {
    const { error, ...rest } = await result;
    if (error) throw new Error(error);
    return rest;
  } finally {
    browser?.kill();
    await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/// The page, from where it is served: a frame can be read only if it comes from the same origin.
async function forward(path, response) {
  const answer = await fetch(new URL(path, process.env.PAGE_URL));
  response.statusCode = answer.status;
  response.setHeader("content-type", answer.headers.get("content-type") ?? "application/octet-stream");
  response.end(Buffer.from(await answer.arrayBuffer()));
}
