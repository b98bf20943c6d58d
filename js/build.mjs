// Builds the one bundle that notebooks and reports load: kanlab/widgets/static/widget.js and widget.css.
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(here, "../kanlab/widgets/static");

await build({
  absWorkingDir: here,
  entryPoints: { widget: "src/index.ts" },
  outdir: out,
  bundle: true,
  format: "esm",
  platform: "browser",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  minify: true,
  charset: "utf8",
  legalComments: "none",
  // A host page with an AMD loader must not catch the bundle.
  define: { "define.amd": "false", "process.env.NODE_ENV": '"production"' },
  banner: { js: "/* kanlab workbench. Contains Preact and @preact/signals (MIT licence). */" },
});

for (const name of ["widget.js", "widget.css"]) {
  const bytes = await readFile(resolve(out, name));
  console.log(
    `${name}  ${(bytes.length / 1000).toFixed(1)} kB  (gzip ${(gzipSync(bytes).length / 1000).toFixed(1)} kB)`,
  );
}
