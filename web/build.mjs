// Bundles src/ into voiplab/widgets/static: the module and style that anywidget loads, the licences
// of what is bundled, and the checksums of sources and results (`sha256sum -c`, and a test).
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const OUT = new URL("../voiplab/widgets/static/", import.meta.url);
const NAME = "browser_phone";

const { metafile } = await build({
  absWorkingDir: new URL(".", import.meta.url).pathname,
  entryPoints: [`src/${NAME}.js`, `src/${NAME}.css`],
  outdir: OUT.pathname,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2020",
  legalComments: "none",
  charset: "utf8",
  metafile: true,
});

const bundled = Object.keys(metafile.inputs)
  .map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
  .filter(Boolean);
const notices = [];
for (const name of [...new Set(bundled)].sort()) {
  const folder = new URL(`node_modules/${name}/`, import.meta.url);
  const { version, license } = JSON.parse(await readFile(new URL("package.json", folder)));
  const file = (await readdir(folder)).find((each) => /^licen[sc]e/i.test(each));
  if (!file) throw new Error(`${name} has no licence file`);
  const text = (await readFile(new URL(file, folder), "utf8")).trim();
  notices.push(`${name} ${version} (${license})\n${"=".repeat(72)}\n${text}\n`);
}
await writeFile(
  new URL(`${NAME}.licences.txt`, OUT),
  `What is bundled in ${NAME}.js beside VoIP Lab's own code.\n\n${notices.join("\n\n")}`,
);

const files = ["web/package-lock.json", "web/build.mjs"];
for (const each of (await readdir(new URL("src/", import.meta.url))).sort()) {
  files.push(`web/src/${each}`);
}
for (const kind of ["js", "css", "licences.txt"]) {
  files.push(`voiplab/widgets/static/${NAME}.${kind}`);
}
const lines = [];
for (const file of files.sort()) {
  const content = await readFile(new URL(`../${file}`, import.meta.url));
  lines.push(`${createHash("sha256").update(content).digest("hex")}  ${file}`);
}
await writeFile(new URL(`${NAME}.sha256`, OUT), `${lines.join("\n")}\n`);
