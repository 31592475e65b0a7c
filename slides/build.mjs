// Bundles src/ into static/: script and style of a deck of slides, the licences of what is bundled,
// and the checksums of sources and results (`sha256sum -c`, and a test).
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const HERE = new URL(".", import.meta.url);

async function notices(inputs) {
  const bundled = inputs
    .map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
    .filter(Boolean);
  const found = [];
  for (const name of [...new Set(bundled)].sort()) {
    const folder = new URL(`node_modules/${name}/`, HERE);
    const { version, license } = JSON.parse(await readFile(new URL("package.json", folder)));
    const file = (await readdir(folder)).find((each) => /^licen[sc]e/i.test(each));
    if (!file) throw new Error(`${name} has no licence file`);
    const text = (await readFile(new URL(file, folder), "utf8")).trim();
    found.push(`${name} ${version} (${license})\n${"=".repeat(72)}\n${text}\n`);
  }
  return found.join("\n\n");
}

const { metafile } = await build({
  absWorkingDir: HERE.pathname,
  entryPoints: ["src/lecture.js", "src/lecture.css"],
  outdir: "static",
  bundle: true,
  format: "iife",
  minify: true,
  target: "es2020",
  legalComments: "none",
  charset: "utf8",
  metafile: true,
});
const inputs = Object.keys(metafile.inputs);
await writeFile(
  new URL("static/licences.txt", HERE),
  `What is bundled in lecture.js and lecture.css beside VoIP Lab's own code.\n\n${await notices(inputs)}`,
);
const files = [
  "build.mjs",
  "package-lock.json",
  ...inputs.filter((input) => input.startsWith("src/")),
  ...["lecture.css", "lecture.js", "licences.txt"].map((name) => `static/${name}`),
];
const lines = [];
for (const file of files.sort()) {
  const content = await readFile(new URL(file, HERE));
  lines.push(`${createHash("sha256").update(content).digest("hex")}  slides/${file}`);
}
await writeFile(new URL("static/lecture.sha256", HERE), `${lines.join("\n")}\n`);
