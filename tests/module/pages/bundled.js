// What a bundler is given.
import { check, evaluateSpf, render } from "mail-triage";

const resolver = new URLSearchParams(location.search).get("resolver");
const one = await check("two-spf.example", { resolver });
const spf = await evaluateSpf({ ip: "192.0.2.1", sender: "two-spf.example" }, { resolver });
const text = await render(one, "text", "zh-Hant");
const said = document.createElement("output");
said.id = "said";
said.value = JSON.stringify({ one, spf: spf.result, text });
document.body.append(said);
