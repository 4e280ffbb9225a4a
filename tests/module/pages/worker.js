import { check, evaluateSpf, explainMessage } from "./node_modules/mail-triage/index.js";

onmessage = async ({ data: resolver }) => {
  const one = await check("two-spf.example", { resolver });
  const spf = await evaluateSpf({ ip: "192.0.2.1", sender: "two-spf.example" }, { resolver });
  const message = await explainMessage("550 5.1.1 <bob@shop.example>: no such user");
  postMessage({ one, spf: spf.result, cause: message.verdicts[0].cause });
};
