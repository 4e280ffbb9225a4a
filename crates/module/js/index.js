// Everything: checks of domains, messages, and what `records.js` has.

import { DATA_OF_CHECKS } from "./files.js";
import { calling, data, once, start, texts } from "./load.js";
import { createRecords } from "./records.js";

export { MailTriageError } from "./load.js";

/** Targets of `checkMany` that are checked at a time; the limits of requests hold over all of them. */
const AT_A_TIME = 4;

const checks = once(async () => start(await import("./program/checks.js"), new URL("./program/checks.wasm", import.meta.url)));
const messages = once(async () => start(await import("./program/messages.js"), new URL("./program/messages.wasm", import.meta.url)));

/** An instance: limits, resolvers' health and a `fetch` of its own. Nothing of it is seen by another. */
export function create(defaults = {}) {
  const started = once(async () => {
    const [program, files] = await Promise.all([checks(), data(DATA_OF_CHECKS)]);
    return new program.Checks(files, defaults.fetch);
  });
  const { evaluateSpf, parseRecord } = createRecords(defaults);

  const all = (options) => (defaults.resolver === undefined ? options : { resolver: defaults.resolver, ...options });

  function check(target, options = {}, onUpdate) {
    return calling(async () => (await started()).check(String(target), all(options), onUpdate));
  }

  async function checkMany(targets, options = {}, onResult) {
    const given = [...targets];
    const results = [];
    let next = 0;
    const work = async () => {
      while (next < given.length) {
        const at = next++;
        const target = String(given[at]);
        try {
          results[at] = { target, report: await check(target, options) };
        } catch (error) {
          // A target that cannot be read is its own affair; everything else concerns all of them.
          if (error.code !== "target") throw error;
          results[at] = { target, error };
        }
        onResult?.(results[at], at);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    return results;
  }

  function whatIf(report, changes, options = {}) {
    return calling(async () => (await started()).whatIf(report, changes, all(options)));
  }

  function render(report, format, lang = "en", options = {}) {
    return calling(async () => {
      const [program, words] = await Promise.all([started(), texts(lang)]);
      return program.render(report, String(format), words.lang, words.texts, options);
    });
  }

  function documentOf(report, lang = "en", options = {}) {
    return calling(async () => {
      const [program, words] = await Promise.all([started(), texts(lang)]);
      return program.parts(report, words.lang, words.texts, options);
    });
  }

  return { check, checkMany, whatIf, render, documentOf, describe, explainMessage, evaluateSpf, parseRecord };
}

function describe(code, lang = "en") {
  return calling(async () => {
    const [program, words] = await Promise.all([checks(), texts(lang)]);
    return program.describe(String(code), words.lang, words.texts);
  });
}

function explainMessage(message, { lang } = {}) {
  return calling(async () => {
    const [program, words] = await Promise.all([messages(), lang === undefined ? {} : texts(lang)]);
    const files = await data(program.filesFor(message));
    return program.explain(message, files, words.lang, words.texts);
  });
}

export const { check, checkMany, whatIf, render, documentOf } = create();
export { describe, explainMessage };
export { evaluateSpf, parseRecord } from "./records.js";
