/** The command `deno task explore`. */
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { ownTables, textOf } from "../data/own_tables.ts";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "./workspace.ts";

/** The files of a folder by their names. */
function filesOf({ folder, list }: Workspace, path: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    list(path).map((name) => [name, Deno.readTextFileSync(join(folder, path, name))]),
  );
}

const CHARTS = ["balance", "components", "duplicates", "pixels", "plane", "samples", "splits"];

Deno.test("explore describes the data of a config, and writes the same bytes every time", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const first = await workspace.run("explore", ["tiny.json"]);
    assertEquals([first.code, first.stderr], [0, ""]);
    const folder = runOf(first);
    assert(/^outputs\/tiny-explore-[0-9a-f]{10}$/.test(folder), folder);
    const files = filesOf(workspace, folder);
    assertEquals(Object.keys(files), [
      ...CHARTS.map((name) => `charts/${name}.svg`),
      "explore.json",
      "explore.svg",
      "features.jsonl",
    ]);
    const { shape, type, splits } = JSON.parse(files["explore.json"] ?? "");
    assertEquals([shape, type], [[2, 7], "8-bit"]);
    assertEquals(
      splits.map((
        { split, samples }: { readonly split: string; readonly samples: number },
      ) => [split, samples]),
      [["train", 48], ["validation", 12], ["test", 30]],
    );
    assertStringIncludes(
      first.stdout,
      "\n90 samples of 2 × 7 values, 8-bit, in 3 classes (idx); no",
    );

    assertEquals((await workspace.run("explore", ["tiny.json"])).stdout, first.stdout);
    assertEquals(filesOf(workspace, folder), files);

    // what is learnt of the data does not change what it is; how it is cut does
    const setting = async (set: string) =>
      runOf(await workspace.run("explore", ["tiny.json", "--set", set]));
    assertEquals(await setting("train.epochs=9"), folder);
    assertNotEquals(await setting("split.validation=6"), folder);
    assertNotEquals(await setting("seed=2"), folder);
  }));

Deno.test("explore needs no stage but load, and writes PNGs if requested", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("data.json", { ...TINY, pipeline: TINY.pipeline.slice(0, 1) });
    const ended = await workspace.run("explore", ["data.json", "--png"]);
    assertEquals([ended.code, ended.stderr], [0, ""]);
    const names = workspace.list(runOf(ended));
    const images = names.filter((name) => name.endsWith(".png"));
    assertEquals(images, [...CHARTS.map((name) => `charts/${name}.png`), "explore.png"]);
    assertEquals(ended.stdout.split("\n").filter((line) => line.startsWith("validation")), []);
  }));

/** Writes a table, and a config that does nothing but load it. */
async function writeTable({ write }: Workspace, text: string, options: object = {}): Promise<void> {
  await write("own.csv", text);
  const dataset = { name: "csv", path: "own.csv", ...options };
  await write("own.json", { name: "own", seed: 1, pipeline: [{ stage: "load", dataset }] });
}

Deno.test("explore lists the columns of a table with missing values, and prints the options for reading it", () =>
  inWorkspace(async (workspace) => {
    const table = ownTables[0];
    await writeTable(workspace, textOf(table, table.lines), { label: "Survived" });
    const { code, stdout, stderr } = await workspace.run("explore", ["own.json"]);
    assertEquals([code, stderr], [0, ""]);
    const lines = stdout.split("\n");
    const roles = lines.slice(2, 11).map((line) => line.split(/ {2,}/)).map((cells) => [
      cells[0],
      cells.at(-1),
    ]);
    assertEquals(Object.fromEntries(roles), {
      PassengerId: "identifier",
      Survived: "label",
      Pclass: "number",
      Name: "free text",
      Sex: "category",
      Age: "number",
      Fare: "number",
      Cabin: "identifier",
      Embarked: "category",
    });
    assertStringIncludes(lines.find((line) => line.startsWith("Age")) ?? "", "decimal       28");
    assertStringIncludes(
      stdout,
      `options in "dataset" with which it can be read:
  "label": "Survived",
  "ignore": ["PassengerId", "Name", "Cabin"],
  "categorical": ["Sex", "Embarked"],
  "missing": "median"
`,
    );
    assertStringIncludes(stdout, "\nEmbarked = C ");
    const files = filesOf(workspace, runOf({ code, stdout, stderr }));
    const { table: found } = JSON.parse(files["explore.json"]);
    assertEquals(found.rows, 120);
    assertEquals(
      found.columns.map(({ name, role }: { name: string; role: string }) => [name, role]),
      roles,
    );
    assertEquals(found.options, {
      label: "Survived",
      ignore: ["PassengerId", "Name", "Cabin"],
      categorical: ["Sex", "Embarked"],
      missing: "median",
    });
    for (const text of ["PassengerId", "free text", "Table columns", "in &quot;dataset"]) {
      assertStringIncludes(files["explore.svg"], text);
    }
    assertStringIncludes(
      stdout,
      "missing numbers are replaced by the median of the training samples",
    );
  }));

Deno.test("explore and train report that a label of many numbers looks like regression", () =>
  inWorkspace(async (workspace) => {
    const rows = Array.from({ length: 50 }, (_, row) => `${row % 7},${row / 4}`);
    await writeTable(workspace, `rooms,price\n${rows.join("\n")}\n`);
    const explored = await workspace.run("explore", ["own.json"]);
    assertEquals([explored.code, explored.stderr], [0, ""]);
    const fact = 'abel "price" has 50 distinct numbers in 50 rows: this looks like regression, ' +
      'but only classification is supported; if they are classes, list them in "classes"';
    assertStringIncludes(explored.stdout, `\nl${fact}\n`);
    const files = filesOf(workspace, runOf(explored));
    assertEquals(Object.keys(files), [
      "charts/options.svg",
      "charts/table.svg",
      "explore.json",
      "explore.svg",
    ]);
    assertStringIncludes(files["explore.svg"], `L${fact.replaceAll('"', "&quot;").slice(0, 40)}`);
    const { table: { labelProblems: [problem], columns, options } } = JSON.parse(
      files["explore.json"],
    );
    assertEquals([problem, options], [`l${fact}`, { label: "price" }]);
    assertStringIncludes(
      explored.stdout,
      '\nthe last column is the label, since no "label" is set\n',
    );
    assertEquals(columns, [
      {
        index: 0,
        name: "rooms",
        type: "whole",
        missing: 0,
        distinct: 7,
        min: 0,
        max: 6,
        examples: ["0", "1", "2"],
        role: "number",
      },
      {
        index: 1,
        name: "price",
        type: "decimal",
        missing: 0,
        distinct: 50,
        min: 0,
        max: 12.25,
        examples: ["0", "0.25", "0.5"],
        role: "label",
      },
    ]);
    const config = {
      name: "own",
      seed: 1,
      pipeline: [
        { stage: "load", dataset: { name: "csv", path: "own.csv" } },
        ...TINY.pipeline.slice(1),
      ],
    };
    await workspace.write("own.json", config);
    const { code, stderr } = await workspace.run("train", ["own.json"]);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "50 distinct numbers in 50 rows, which looks like regression");
  }));

Deno.test("explore shows the columns of a table with empty labels, and the remedy", () =>
  inWorkspace(async (workspace) => {
    const table = ownTables[0];
    await writeTable(workspace, textOf(table, table.lines));
    const { code, stdout, stderr } = await workspace.run("explore", ["own.json"]);
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(
      stdout,
      '\nlabel "Embarked" is empty in 10 of 120 rows: name another column as "label", or delete the ' +
        "rows without one\n",
    );
    const { table: { columns } } = JSON.parse(
      filesOf(workspace, runOf({ code, stdout, stderr }))["explore.json"],
    );
    assertEquals(columns.length, 9);
  }));

Deno.test("explore hints that 64 columns of 0 to 16 look like pixels, and draws two columns unchanged", () =>
  inWorkspace(async (workspace) => {
    const digit = (row: number) =>
      [...Array.from({ length: 64 }, (_, column) => (row * column) % 17), row % 2].join(",");
    await writeTable(workspace, Array.from({ length: 40 }, (_, row) => `${digit(row)}\n`).join(""));
    const digits = await workspace.run("explore", ["own.json"]);
    assertEquals(digits.code, 0);
    assertStringIncludes(
      digits.stdout,
      "whole numbers from 0 to 16 in 64 columns look like pixels: if samples are images, " +
        'add "shape": [8, 8] to "dataset"\n',
    );
    const points = Array.from({ length: 40 }, (_, row) => `${row / 2},${-row},${row % 2}\n`);
    await writeTable(workspace, `x,y,kind\n${points.join("")}`);
    const plane = await workspace.run("explore", ["own.json"]);
    const svg = filesOf(workspace, runOf(plane))["charts/plane.svg"];
    assertStringIncludes(svg, "40 training samples by their two features.");
  }));

Deno.test("explore reports mistakes of its config", () =>
  inWorkspace(async (workspace) => {
    await writeTable(workspace, "a,b,kind\n1,2,x\n3,4,y\n");
    const { code, stderr } = await workspace.run("explore", ["own.json", "--set", "load.datset=1"]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "Cannot read config");
    assertEquals(workspace.list().filter((path) => path.startsWith("outputs/")), []);
  }));

Deno.test("explore exits with 2 on wrong arguments, and prints its usage", () =>
  inWorkspace(async (workspace) => {
    for (
      const [args, message] of [
        [[], "expected one config: received 0"],
        [["a.json", "b.json"], "expected one config: received 2"],
        [["a.json", "--output", "elsewhere"], "expected an --output in outputs/"],
        [
          ["a.json", "--threads", "2"],
          "expected one of --png, --output, --data-dir, --set, --help",
        ],
      ] as const
    ) {
      const { code, stdout, stderr } = await workspace.runAlone("explore", args);
      assertEquals([code, stdout], [2, ""]);
      assertStringIncludes(stderr, `Cannot run "deno task explore": ${message}`);
    }
    const help = await workspace.run("explore", ["--help"]);
    assertEquals([help.code, help.stderr], [0, ""]);
    assertStringIncludes(help.stdout, "deno task explore CONFIG");
  }));
