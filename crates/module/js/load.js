// What all entries need: the programs and files beside them, and errors.

import { DATA, TEXTS } from "./files.js";

/** A call that is refused, or a file of the package that cannot be had. */
export class MailTriageError extends Error {
  constructor({ code, option, message }) {
    super(message);
    this.name = "MailTriageError";
    this.code = code;
    if (option !== undefined) this.option = option;
  }
}

/** What `call` gives; what it refuses becomes an error. */
export async function calling(call) {
  try {
    return await call();
  } catch (thrown) {
    const isRefusal = typeof thrown === "object" && thrown !== null && !(thrown instanceof Error) && "code" in thrown;
    throw isRefusal ? new MailTriageError(thrown) : thrown;
  }
}

/** Calls `make` with the first call of what it gives, and again only where that failed. */
export function once(make) {
  let made;
  return () => (made ??= make().catch((error) => {
    made = undefined;
    throw error;
  }));
}

/** Starts a program that stands at `url`. `glue` is the script that wasm-bindgen made for it. */
export async function start(glue, url) {
  try {
    await glue.default({ module_or_path: await program(url) });
  } catch (error) {
    throw new MailTriageError({ code: "files", message: `${url} cannot be read: ${error}` });
  }
  return glue;
}

/** A file of a program: a response, or its octets. */
export async function program(url) {
  if (url.protocol !== "file:") return fetch(url);
  // In Node and Deno the file is read: their `fetch` does not. No bundler is to look for what reads it.
  const files = "node:fs/promises";
  const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ files);
  return readFile(url);
}

/** The knowledge files at these places, each once. */
export async function data(places) {
  const files = await Promise.all(places.map(async (place) => [place, await file(DATA, place)]));
  return Object.fromEntries(files);
}

/** The texts of the language that fits a tag such as `zh-TW`, and its own tag. */
export async function texts(tag) {
  const first = (of) => String(of).toLowerCase().split("-")[0];
  const known = Object.keys(TEXTS);
  const lang =
    known.find((one) => one.toLowerCase() === String(tag).toLowerCase()) ?? known.find((one) => first(one) === first(tag));
  if (lang === undefined) {
    throw new MailTriageError({ code: "language", message: `there are no texts in ${tag}, but in ${known.join(", ")}` });
  }
  return { lang, texts: await file(TEXTS, lang) };
}

async function file(of, name) {
  try {
    return (await of[name]()).default;
  } catch (error) {
    throw new MailTriageError({ code: "files", message: `${name} cannot be read: ${error}` });
  }
}
