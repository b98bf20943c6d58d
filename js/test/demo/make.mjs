// Writes js/demo.html: the built bundle, the sample payloads and a fake kernel in one page that opens from disk.
// Address: demo.html#name=exp_sin&theme=dark&width=1100&report=1&do=train
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const read = (path) => readFileSync(resolve(here, path), "utf8");
const safe = (text) => text.replace(/<\/(script)/gi, "<\\/$1");
const fixtures = readdirSync(resolve(here, "../fixtures")).filter((f) => f.endsWith(".json"));
const payloads = Object.fromEntries(
  fixtures.map((f) => [f.slice(0, -5), JSON.parse(read(`../fixtures/${f}`))]),
);
const bundle = read("../../../kanlab/widgets/static/widget.js");
const css = read("../../../kanlab/widgets/static/widget.css");

writeFileSync(
  resolve(here, "../../demo.html"),
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>kanlab workbench: demo</title>
<style>body{margin:12px;background:#fff}body.dark{background:#0f1317}${css}</style>
<div id="here"></div>
<script type="text/plain" id="bundle">${safe(bundle)}</script>
<script type="application/json" id="payloads">${JSON.stringify(payloads).replace(/<\//g, "<\\/")}</script>
<script type="module">
${read("kernel.js").replace("export class", "class")}
const options = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const code = document.getElementById("bundle").textContent.replace(/<\\\\\\/(script)/gi, "</$1");
const { default: widget, mount } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
const payload = JSON.parse(document.getElementById("payloads").textContent)[options.name ?? "exp_sin"];
if (options.mode) payload.mode = options.mode;
if (options.select !== undefined) { payload.selection = options.select; payload.inspector = payload.inspectors[options.select] ?? null; }
if (options.theme === "dark") document.body.classList.add("dark");
const el = document.getElementById("here");
if (options.width) el.style.width = options.width + "px";
if (options.report) window.stop_view = mount(el, payload);
else {
  const model = (window.model = new FakeKernel(payload));
  widget.initialize({ model });
  window.stop_view = widget.render({ model, el });
  if (options.view2) { const el2 = document.createElement("div"); document.body.append(el2); widget.render({ model, el: el2 }); }
  if (options.do === "train") model.train(60);
}
</script></html>
`,
);
