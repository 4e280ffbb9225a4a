// The fault server of one spec file, in a thread of its own: what it measures does not wait for what the spec does.

import { parentPort } from "node:worker_threads";

import { start } from "../fault-server.mjs";

const { url, tlsPort } = await start({ doh: process.env.LAB_DOH, dir: process.env.LAB_DIR });
parentPort.postMessage({ url, tlsPort });
