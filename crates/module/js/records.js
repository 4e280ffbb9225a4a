// SPF evaluated for one message, and the text of records: an entry of its own, a third of the whole.

import { calling, data, once, start } from "./load.js";

export { MailTriageError } from "./load.js";

const RESOLVERS = "data/resolvers.json";

const program = once(async () => start(await import("./program/records.js"), new URL("./program/records.wasm", import.meta.url)));

/** An instance with limits and a `fetch` of its own. */
export function createRecords({ fetch, resolver } = {}) {
  const started = once(async () => new (await program()).SpfEvaluations(fetch));
  return {
    evaluateSpf(message, source = {}) {
      return calling(async () => {
        const asks = source?.zone === undefined && source?.facts === undefined;
        const [spf, files] = await Promise.all([started(), asks ? data([RESOLVERS]) : {}]);
        return spf.evaluate(message, { ...(asks && resolver ? { resolver } : {}), ...source }, files[RESOLVERS]);
      });
    },
    parseRecord(kind, text) {
      return calling(async () => (await program()).parseRecord(String(kind), String(text)));
    },
  };
}

export const { evaluateSpf, parseRecord } = createRecords();
