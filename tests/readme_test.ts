/**
 * Compares the README and the pages in lib/docs with the program.
 *
 * Tables that follow from registries are renewed by
 *
 *     deno test -A tests/readme_test.ts -- --update && deno fmt lib/docs
 */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { parse } from "jsonc-parser";
import { z } from "zod";
import deno from "../deno.json" with { type: "json" };
import bill from "../lib/docs/sbom.json" with { type: "json" };
import { exercises } from "../lib/analysis/exercise/exercises.ts";
import { datasets } from "../lib/data/datasets/mod.ts";
import { augmentations } from "../lib/data/augment/mod.ts";
import { normalizations } from "../lib/data/normalize/mod.ts";
import { preparations } from "../lib/data/prepare/mod.ts";
import { reductions } from "../lib/data/reduce/mod.ts";
import { initializers, layers, losses } from "../lib/nn/mod.ts";
import { averagings, optimizers, schedules } from "../lib/train/mod.ts";
import { refinements } from "../pipelines/experiment/stage_table.ts";
import { sections } from "../lib/report/panels.ts";
import { CHECKPOINT } from "../lib/run/checkpoint.ts";
import { FILES } from "../lib/run/folder.ts";
import { MODEL } from "../lib/run/model.ts";
import { observers } from "../lib/observe/mod.ts";
import { fieldGroup } from "../lib/run/codec/fields.ts";
import { RESULTS } from "../lib/run/results.ts";
import { type Interval, wilsonInterval } from "../lib/evaluate/metrics/interval.ts";
import { decodeManifest } from "../lib/run/manifest.ts";
import { type Spread, spreadOf } from "../lib/tensor/math/statistics.ts";
import {
  decodeVerifiedRuns,
  testAccuracy,
  type VerifiedRun,
} from "../lib/analysis/verify/verified.ts";
import { formatCommandRow, formatOptionRows } from "../pipelines/cli/help.ts";
import { commands } from "../pipelines/commands.ts";
import { command as bench } from "./bench/bench.ts";
import { readConfigFile } from "../pipelines/experiment/config_file.ts";
import { recipes } from "../lib/analysis/verify/recipes.ts";
import { stageTable } from "../pipelines/experiment/stage_table.ts";
import { sampleRows, sweepNames } from "./sweep_samples.ts";

const ROOT = new URL("../", import.meta.url);

/** The README and the pages in lib/docs, by their paths. */
const PAGES: Readonly<Record<string, string>> = Object.fromEntries(
  await Promise.all(["README.md", ...pagePaths()].map(async (path) => [path, await read(path)])),
);
const readme = PAGES["README.md"];
const configsPage = PAGES["lib/docs/configs.md"];
const everything = Object.values(PAGES).join("\n");

function pagePaths(): readonly string[] {
  const pages = [...Deno.readDirSync(new URL("lib/docs", ROOT))].map(({ name }) => name);
  return pages.filter((name) => name.endsWith(".md")).sort().map((name) => `lib/docs/${name}`);
}

for (const [path, page] of Object.entries(PAGES)) {
  Deno.test(`the links of ${path} lead to files and headings that exist`, async () => {
    const links = [...page.matchAll(/(?:\]\(|src="|href=")([^)"#]*)(#[^)"]*)?/g)];
    assertGreater(links.length, 0);
    for (const [, target = "", heading] of links) {
      if (/^https?:/.test(target)) continue;
      const file = target === "" ? path : new URL(target, new URL(path, ROOT)).href;
      await Deno.stat(new URL(file, ROOT));
      if (heading === undefined) continue;
      assert(headingsOf(await read(file)).includes(heading), `${target}${heading}`);
    }
  });
}

Deno.test("the page on dependencies lists the packages of the bill of materials", async () => {
  const rows = bill.components.map(({ name, version, scope, licenses: [licence] }) => {
    const licences = "license" in licence ? licence.license.id : licence.expression;
    const user = scope === "required" ? "the program" : "tests, types or generators";
    return `| \`${name}\` | ${version} | ${licences} | ${user} |`;
  });
  await assertRows("dependencies", rows, "lib/docs/dependencies.md");
});

Deno.test("the configs shown on pages are valid", () => {
  const [, refined = ""] = configsPage.split("## Training, refined");
  const [first = ""] = jsonBlocks(refined);
  const shown = [first, ...jsonBlocks(PAGES["lib/docs/training.md"])];
  const rows = rowsOf("refinements", "lib/docs/training.md");
  const options = rows.map((row) => `{ ${/^\| `(.*?)` \|/.exec(row)?.[1]} }`);
  assertEquals(shown.length, 4);
  const named = options.flatMap((text) => Object.keys(JSON.parse(text)));
  assertEquals([...new Set(named)].sort(), Object.keys(refinements).sort());
  const config = new URL("configs/quickstart.json", ROOT).pathname;
  for (const text of [...shown, ...options]) {
    readConfigFile(config, ['train.augment=[{"name":"affine"}]', ...settingsOf(JSON.parse(text))]);
  }
});

const allCommands = [...commands, bench];

Deno.test("the page's table of commands agrees with the declarations of commands", async () => {
  await assertRows("commands", allCommands.map(formatCommandRow), "lib/docs/commands.md");
});

Deno.test("the page's table of options agrees with the declarations of commands", async () => {
  await assertRows("options", formatOptionRows(allCommands), "lib/docs/commands.md");
});

Deno.test("the tasks that the documents name are those of deno.json", () => {
  const named = [...everything.matchAll(/\b(?:deno|deno@[\d.]+) task ([a-z\d:-]+)/g)].map((
    [, name],
  ) => name);
  for (const name of named) assert(Object.hasOwn(deno.tasks, name), name);
  for (const name of Object.keys(deno.tasks)) assert(named.includes(name), `${name} is not named`);
});

Deno.test("the page on configs shows configs/mnist.json without its comments", async () => {
  const [shown = ""] = jsonBlocks(configsPage);
  assertEquals(JSON.parse(shown), parse(await read("configs/mnist.json")));
});

Deno.test("the README's config is valid, and learns as configs/mnist.json does", async () => {
  const [shown = ""] = jsonBlocks(readme);
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(path, shown);
    const pipeline = (file: string) =>
      JSON.stringify(readConfigFile(file, []).pipeline).replace(
        ',"units":"classes"',
        ',"units":10',
      );
    assertEquals(pipeline(path), pipeline(fromFileUrl(new URL("configs/mnist.json", ROOT))));
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("the configs that the documents name exist, and every config is named", async () => {
  const named = [...everything.matchAll(/\bconfigs\/\w+\.json/g)].map(([path]) => path);
  for (const path of named) await Deno.stat(new URL(path, ROOT));
  for await (const { name, isFile } of Deno.readDir(new URL("configs", ROOT))) {
    if (!isFile) continue; // the sweeps, which are another page's
    assert(named.includes(`configs/${name}`), `configs/${name} is not named`);
  }
});

/** The registries by the key of a config that chooses from each. */
const REGISTRIES = {
  dataset: datasets,
  methods: preparations,
  method: normalizations,
  "reduce.method": reductions,
  augment: augmentations,
  layers,
  initializer: initializers,
  loss: losses,
  optimizer: optimizers,
  learningRate: schedules,
  averaging: averagings,
};

Deno.test("the table of names agrees with the registries", async () => {
  const expected = Object.entries(REGISTRIES).map(([key, table]) =>
    `| \`${key}\` | ${[...table].map(([name]) => `\`${name}\``).join(", ")} |`
  );
  await assertRows("names", expected, "lib/docs/configs.md");
});

Deno.test("the table of parts agrees with the registries", async () => {
  const expected = Object.entries(REGISTRIES).flatMap(([key, table]) =>
    [...table].map(([name, { doc, options }]) =>
      `| \`${key}\` | \`${name}\` | ${optionList(options)} | ${doc} |`
    )
  );
  await assertRows("parts", expected, "lib/docs/parts.md");
});

for (const name of sweepNames()) {
  const path = "lib/docs/hyperparameters.md";
  Deno.test(`the page on hyperparameters shows the committed sample of the sweep ${name}`, async () => {
    const page = PAGES[path];
    assertStringIncludes(page, `deno task sweep configs/sweeps/${name}.json\n`);
    assertStringIncludes(page, `](../../outputs/samples/sweeps/${name}/figure.svg)`);
    await assertRows(`sweep ${name}`, sampleRows(name), path);
  });
}

Deno.test("the page's table of stages agrees with the program's table of stages", async () => {
  const expected = Object.entries(stageTable).map(([name, { doc, options }]) =>
    `| \`${name}\` | ${optionList(options)} | ${doc} |`
  );
  await assertRows("stages", expected, "lib/docs/configs.md");
});

Deno.test("the page on reports agrees with the table of panels", async () => {
  const expected = Object.entries(sections).map(([title, panels]) =>
    `| ${title === "" ? "At the top" : title} | ${
      Object.keys(panels).map((name) => `\`${name}\``).join(", ")
    } |`
  );
  await assertRows("panels", expected, "lib/docs/reports.md");
});

Deno.test("the page on exercises lists all exercises", async () => {
  const rows = exercises.map(({ name, summary }) => `| \`${name}\` | ${summary} |`);
  await assertRows("exercises", rows, "lib/docs/exercises.md");
});

Deno.test("the table of recipes agrees with their samples", async () => {
  const expected = await Promise.all(Object.keys(recipes).map(recipeRow));
  await assertRows("recipes", expected, "lib/docs/recipes.md");
});

Deno.test("the README's table of accuracy agrees with the page on recipes", async () => {
  const cells = rowsOf("recipes", "lib/docs/recipes.md").map((row) => row.split(" | "));
  const expected = ["mnist", "mnist_dropout", "mnist_minute", "mnist_deformed"].map((name) => {
    const [, means = "", , , accuracy = "", time = ""] = cells.find(([link]) =>
      link?.includes(`[${name}.json]`)
    ) ?? [];
    const link = `[${name}.json](configs/${name}.json)`;
    return `| ${[link, means, accuracy, time.replace(" |", "")].join(" | ")} |`;
  });
  await assertRows("accuracy", expected, "README.md");
});

Deno.test("the README's table of speed is part of the page on performance", async () => {
  const training = /^\| (train [SML]|whole process).*×/;
  const kept = rowsOf("speed", "lib/docs/performance.md").filter((row) => training.test(row));
  const expected = kept.slice(0, 4).map((row) => `${row.split("|").slice(0, 6).join("|")}|`);
  await assertRows("fast", expected, "README.md");
});

Deno.test("the README fits on a few screens", () => {
  assert(readme.split("\n").length <= 121, `${readme.split("\n").length} lines`);
  assert(readme.length <= 9000, `${readme.length} characters`);
});

/** A recipe in the table, as the files of its sample have it. */
async function recipeRow(name: string): Promise<string> {
  const sample = (file: string) => read(`outputs/samples/${name}/${file}`);
  const runs = decodeVerifiedRuns(await sample("runs.jsonl"), name);
  assertEquals(runs.map(({ seed }) => seed), recipes[name]?.seeds);
  const { description } = JSON.parse(await sample("config.json"));
  const { started, finished, machine } = decodeManifest(await sample("manifest.json"));
  const isTrained = runs.some(({ file }) => file === FILES.model);
  if (isTrained) assertEquals(machine.workers, 2);
  const seconds = (Date.parse(finished) - Date.parse(started)) / 1000;
  const time = seconds < 60 ? `${seconds.toPrecision(2)} s` : `${(seconds / 60).toFixed(1)} min`;
  const percents = runs.map((run) => (100 * testAccuracy(run)).toFixed(2));
  return `| ${
    [
      `[${name}.json](../../configs/${name}.json)`,
      description,
      (runs[0]?.parameters ?? 0).toLocaleString("en"),
      percents.join(", "),
      spread(runs),
      isTrained ? time : "",
    ].join(" | ")
  } |`;
}

/** Mean and standard deviation of several runs, or the 95 % interval of one, in percent. */
function spread(runs: readonly VerifiedRun[]): string {
  const percent = (share: number) => (100 * share).toFixed(2);
  const { mean, deviation } = spreadOf(runs.map(testAccuracy)) as Spread;
  if (deviation !== undefined) return `${percent(mean)} ± ${percent(deviation)}`;
  const [{ samples, mistakes }] = runs as readonly [VerifiedRun];
  const [low, high] = wilsonInterval(samples - mistakes, samples) as Interval;
  return `${percent(mean)} (${percent(low)} to ${percent(high)})`;
}

Deno.test("the README's first picture is that of the report to which it links", async () => {
  const texts = async (name: string) => {
    const svg = await read(`outputs/samples/mnist/${name}`);
    return new Set(svg.replaceAll(/<title[^]*?<\/title>/g, "").match(/(?<=>)[^<>\n]+(?=<)/g));
  };
  const [shown, all] = [await texts("glance.svg"), await texts("report.svg")];
  assertGreater(shown.size, 100);
  assertEquals([...shown.difference(all)], []);
});

Deno.test("the table of files names all files of a run", () => {
  const named = rowsOf("files", "lib/docs/reports.md").join("\n");
  for (const file of Object.values(FILES)) assertStringIncludes(named, `\`${file}`);
});

/** Tables of the fields of files, by the names that the page has for them. */
const FILE_FIELDS = {
  results: RESULTS,
  observations: fieldGroup(Object.fromEntries(observers.map(({ name, fields }) => [name, fields]))),
  model: MODEL,
  checkpoint: CHECKPOINT,
};

for (const [name, table] of Object.entries(FILE_FIELDS)) {
  Deno.test(`the page on reports shows the declared fields of ${name}`, async () => {
    const expected = table.describe("").map(({ name, form, doc }) =>
      `| \`${name}\` | ${form} | ${doc} |`
    );
    await assertRows(`fields of ${name}`, expected, "lib/docs/reports.md");
  });
}

Deno.test("the page on the library shows the example of mod.ts", async () => {
  const source = await Deno.readTextFile(new URL("mod.ts", ROOT));
  const example = /@example[^\n]*\n \* ```ts\n([^]*?) \* ```/.exec(source)?.[1] ?? "";
  assertGreater(example.split("\n").length, 15);
  const shown = example.replaceAll(/^ \* ?/gm, "").replace('"./mod.ts"', '"../../mod.ts"');
  assertStringIncludes(PAGES["lib/docs/library.md"], shown);
});

Deno.test("the README's first commands are those of .ci/run", async () => {
  const script = await Deno.readTextFile(new URL(".ci/run", ROOT));
  for (const command of ["npx -y deno@2.9.6 task train", "npx -y deno@2.9.6 task test"]) {
    assertStringIncludes(readme, command);
    assertStringIncludes(script, command);
  }
});

function read(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, ROOT));
}

/** The headings of a page, as links name them. */
function headingsOf(page: string): readonly string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    "#" + heading.toLowerCase().replaceAll(/[^a-z0-9 -]/g, "").replaceAll(" ", "-")
  );
}

/** Returns the contents of a page's JSON blocks. */
function jsonBlocks(page: string): readonly string[] {
  return [...page.matchAll(/^```json\n([^]*?)^```$/gm)].map(([, text = ""]) => text);
}

/** Returns the options that `--set` sets, as a layer, a stage, or options of the stage "train". */
function settingsOf(shown: Readonly<Record<string, unknown>>): readonly string[] {
  if ("name" in shown) return [`train.layers=${JSON.stringify([shown])}`];
  const { stage = "train", ...options } = shown;
  return Object.entries(options).map(([key, value]) => `${stage}.${key}=${JSON.stringify(value)}`);
}

/** Compares the rows of a table with what they should be, or writes them if that is asked for. */
async function assertRows(
  name: string,
  expected: readonly string[],
  page: string,
): Promise<void> {
  if (!Deno.args.includes("--update")) {
    return assertEquals(rowsOf(name, page), expected.map(unaligned));
  }
  const table = new RegExp(`(<!-- ${name} -->\\n\\n(?:\\|.*\\n){2})(?:\\|.*\\n)*`);
  const text = (await read(page)).replace(table, (_, head) => `${head}${expected.join("\n")}\n`);
  await Deno.writeTextFile(new URL(page, ROOT), text);
}

/** Rows of the table between two comments, without the spaces that align it. */
function rowsOf(name: string, page: string): readonly string[] {
  const pattern = new RegExp(`<!-- ${name} -->([^]*?)<!-- /${name} -->`);
  const [, block = ""] = pattern.exec(PAGES[page]) ?? [];
  const rows = block.split("\n").filter((line) => line.startsWith("|")).slice(2);
  return rows.map(unaligned);
}

function unaligned(row: string): string {
  return row.replaceAll(/ +/g, " ");
}

/** Options with their defaults: "`decay` 0.9"; those without one are required or optional. */
function optionList(options: unknown): string {
  const { properties = {}, required = [] } = z.toJSONSchema(options as z.ZodType, { io: "input" });
  const listed = Object.entries(properties).map(([name, property]) => {
    const { default: value } = property as { readonly default?: unknown };
    if (value === undefined) return `\`${name}\`${required.includes(name) ? "" : " optional"}`;
    return `\`${name}\` ${shown(value)}`;
  });
  return listed.join(", ");
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "object") return (value as { readonly name: string }).name;
  const isMark = typeof value === "string" && !/\w/.test(value);
  return isMark ? JSON.stringify(value) : String(value);
}
