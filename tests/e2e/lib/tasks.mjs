// How long a page stands still: its longest task, in milliseconds of the processor, which other programs do not lengthen.

const CATEGORIES = ["toplevel", "devtools.timeline"];

/// Starts to note the tasks of a page; gives a function that ends it and gives the time of the longest.
export async function watchTasks(page) {
  const cdp = await page.context().newCDPSession(page);
  const events = [];
  cdp.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await cdp.send("Tracing.start", { traceConfig: { includedCategories: CATEGORIES } });
  return async () => {
    await settled(page);
    const complete = new Promise((done) => cdp.once("Tracing.tracingComplete", done));
    await cdp.send("Tracing.end");
    await complete;
    await cdp.detach();
    const main = new Set(
      events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid, tid }) => `${pid} ${tid}`),
    );
    const tasks = events.filter(({ ph, name, pid, tid }) => ph === "X" && name.endsWith("RunTask") && main.has(`${pid} ${tid}`));
    return Math.round(Math.max(0, ...tasks.map(({ tdur }) => tdur ?? 0)) / 1000);
  };
}

/// Two frames were drawn: whatever the last event led to is done.
export const settled = (page) =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
  );
