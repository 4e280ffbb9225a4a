// What Lighthouse says of the pages at the addresses on the command line, 0 to 100: its mobile form, which throttles.

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const chrome = await launch({ chromePath: process.env.CHROMIUM, chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
const column = (text) => text.padStart(15);
const [first, ...others] = process.argv.slice(2);
for (const url of [first, ...others]) {
  const { lhr } = await lighthouse(url, { port: chrome.port, logLevel: "silent" });
  const categories = Object.values(lhr.categories);
  if (url === first) console.log(categories.map(({ id }) => column(id)).join(""));
  console.log(categories.map(({ score }) => column(score === null ? "?" : `${Math.round(score * 100)}`)).join(""), url);
  // What keeps a page from all of it.
  for (const { id, weight } of categories.flatMap(({ auditRefs }) => auditRefs)) {
    const { score, title } = lhr.audits[id];
    if (weight > 0 && score !== null && score < 0.9) console.log(`  ${id}: ${title}`);
  }
}
await chrome.kill();
