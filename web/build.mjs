// Bundles src/ into voiplab/widgets/static: the modules and styles that anywidget loads, the licences
// of what is bundled, and the checksums of sources and results (`sha256sum -c`, and a test).
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const OUT = new URL("../voiplab/widgets/static/", import.meta.url);

async function bundle(name) {
  const { metafile } = await build({
    absWorkingDir: new URL(".", import.meta.url).pathname,
    entryPoints: [`src/${name}.js`, `src/${name}.css`],
    outdir: OUT.pathname,
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2020",
    legalComments: "none",
    charset: "utf8",
    metafile: true,
  });
  const inputs = Object.keys(metafile.inputs);
  await writeFile(
    new URL(`${name}.licences.txt`, OUT),
    `What is bundled in ${name}.js beside VoIP Lab's own code.\n\n${await notices(inputs)}`,
  );
  const files = [
    "web/package-lock.json",
    "web/build.mjs",
    ...inputs.filter((input) => input.startsWith("src/")).map((input) => `web/${input}`),
    ...["js", "css", "licences.txt"].map((kind) => `voiplab/widgets/static/${name}.${kind}`),
  ];
  const lines = [];
  for (const file of files.sort()) {
    const content = await readFile(new URL(`../${file}`, import.meta.url));
    lines.push(`${createHash("sha256").update(content).digest("hex")}  ${file}`);
  }
  await writeFile(new URL(`${name}.sha256`, OUT), `${lines.join("\n")}\n`);
}

async function notices(inputs) {
  const bundled = inputs
    .map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
    .filter(Boolean);
  const found = [];
  for (const name of [...new Set(bundled)].sort()) {
    const folder = new URL(`node_modules/${name}/`, import.meta.url);
    const { version, license } = JSON.parse(await readFile(new URL("package.json", folder)));
    const file = (await readdir(folder)).find((each) => /^licen[sc]e/i.test(each));
    if (!file) throw new Error(`${name} has no licence file`);
    const text = (await readFile(new URL(file, folder), "utf8")).trim();
    found.push(`${name} ${version} (${license})\n${"=".repeat(72)}\n${text}\n`);
  }
  return found.join("\n\n");
}

await bundle("browser_phone");
await bundle("quality_chart");
