/** Renaming the runs of samples after the format version was raised. */
import { assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { FORMAT_VERSION } from "../../../lib/run/identity.ts";
import { renameSamples } from "../../../pipelines/tools/rename_samples.ts";

const ROOT = fromFileUrl(new URL("../../../", import.meta.url));

/** Copies a folder of texts. */
async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (isDirectory) await copyFolder(source, target);
    else await Deno.writeFile(target, await Deno.readFile(source));
  }
}

Deno.test("renameSamples() renames a sample of the previous version in all its files, and no run of another meaning", async () => {
  // a raise that changes numbers trains the samples again, and needs no names of the version before
  if (FORMAT_VERSION !== 4) return;
  const home = await Deno.makeTempDir();
  try {
    for (const folder of ["configs", "outputs/samples"]) {
      await copyFolder(join(ROOT, folder), join(home, folder));
    }
    const sample = join(home, "outputs/samples/quickstart");
    const read = (file: string) => Deno.readTextFile(join(sample, file));
    const files = ["report.svg", "runs.jsonl", "manifest.json"];
    const [report, runs, manifest] = await Promise.all(files.map(read));
    const { run: name } = JSON.parse(manifest);
    for (const [index, text] of [report, runs, manifest].entries()) {
      const old = text.replaceAll(name, "quickstart-332f9d718d").replace(
        '"format": 4',
        '"format": 3',
      );
      await Deno.writeTextFile(join(sample, files[index]), old);
    }
    const lines = await renameSamples(home);
    assertEquals(lines[0], `quickstart: ${name}`);
    assertEquals([await read("report.svg"), await read("runs.jsonl")], [report, runs]);
    const [was, is] = [manifest, await read("manifest.json")].map((text) => JSON.parse(text));
    const kept = [
      "config.json",
      "metrics.jsonl",
      "model.safetensors",
      "report.svg",
      "summary.json",
    ];
    const isLeft = ({ path }: { readonly path: string }) => kept.includes(path);
    assertEquals(is, { ...was, files: was.files.filter(isLeft) });

    await renameSamples(home); // what is renamed stays as it is
    assertEquals(JSON.parse(await read("manifest.json")), is);
    await Deno.writeTextFile(
      join(sample, "runs.jsonl"),
      runs.replace(name, "quickstart-0123456789"),
    );
    await assertRejects(() => renameSamples(home), Error, 'Cannot rename "quickstart-0123456789"');
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
