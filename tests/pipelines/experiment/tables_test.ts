/** Training on users' own tables and arrays, and asking about others, by the commands. */
import { assert, assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { gzipSync } from "node:zlib";
import { npy, npzOf } from "../../data/formats/npy.ts";
import { type Ended, inWorkspace, runOf, TINY, type Workspace, writeTiny } from "../workspace.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Four = [images: Bytes, labels: Bytes, testImages: Bytes, testLabels: Bytes];

const IRIS = Deno.readTextFileSync(new URL("../../fixtures/iris.csv", import.meta.url));
const ROOT = fromFileUrl(new URL("../../../", import.meta.url));

/** The recipe of the irises, which learns for one epoch. */
const RECIPE = "configs/iris.json";
const SHORT = [RECIPE, "--set", "train.epochs=1"];

/** The tiny config with other options of two stages. */
function tinyWith(dataset: object, split: object): object {
  const [load, , ...rest] = TINY.pipeline;
  return { ...TINY, pipeline: [{ ...load, dataset }, { stage: "split", ...split }, ...rest] };
}

async function writeIris({ write }: Workspace): Promise<void> {
  await write(RECIPE, Deno.readTextFileSync(join(ROOT, RECIPE)));
  await write("tests/fixtures/iris.csv", IRIS);
}

Deno.test("train learns from a table, and predict reads others with its columns, or without labels", () =>
  inWorkspace(async (workspace) => {
    await writeIris(workspace);
    const run = runOf(await workspace.run("train", SHORT));
    const rows = IRIS.trimEnd().split("\n").map((line) => line.split(","));
    const withoutLabels = rows.map((fields) => fields.slice(0, 4).join(",")).join("\n");
    const labelsFirst = rows.map((fields) => [fields[4], ...fields.slice(0, 4)].join(",")).join(
      "\n",
    );
    await workspace.write("whole.csv", IRIS);
    await workspace.write("unlabelled.csv", withoutLabels);
    await workspace.write("bare.csv", withoutLabels.slice(withoutLabels.indexOf("\n") + 1));
    await workspace.write("first.csv", labelsFirst);
    await workspace.write("packed", new Uint8Array(gzipSync(IRIS)));
    const expected = await workspace.run("predict", [run, "whole.csv"]);
    assertEquals(expected.code, 0);
    const names = expected.stdout.trimEnd().split("\n").slice(1).map((line) => line.split("\t")[1]);
    assertEquals(names.length, 150);
    assert(names.every((name) => ["setosa", "versicolor", "virginica"].includes(name)));
    const wrong = names.filter((name, sample) => name !== rows[sample + 1][4]).length;
    const share = `${(100 * (150 - wrong) / 150).toFixed(2)} %`;
    assertStringIncludes(expected.stderr, `accuracy ${share} (95 %: `);
    assert(expected.stderr.endsWith(`), ${wrong} mistakes in 150 labelled samples\n`));
    for (const file of ["first.csv", "packed"]) {
      assertEquals(await workspace.run("predict", [run, file]), expected, file);
    }
    for (const file of ["unlabelled.csv", "bare.csv"]) {
      assertEquals(await workspace.run("predict", [run, file]), { ...expected, stderr: "" }, file);
    }
    const failures = {
      few: [2, 3, 4],
      swapped: [1, 0, 2, 3, 4],
    };
    for (const [name, columns] of Object.entries(failures)) {
      const lines = rows.map((fields) => columns.map((column) => fields[column]).join(","));
      await workspace.write(`${name}.csv`, lines.join("\n"));
    }
    const refusal = (message: string): Ended => ({ code: 1, stdout: "", stderr: `${message}\n` });
    assertEquals(
      await workspace.run("predict", [run, "few.csv"]),
      refusal(
        'Cannot read "few.csv": expected 4 columns of features, as in training, with one of ' +
          "labels or without: received 3 columns",
      ),
    );
    assertEquals(
      await workspace.run("predict", [run, "swapped.csv"]),
      refusal(
        'Cannot read "swapped.csv": expected a column "sepal_length", as in training: ' +
          'received "sepal_width"',
      ),
    );
  }));

Deno.test("configs/iris.json classifies all but 4 of 60 irises correctly", () =>
  inWorkspace(async (workspace) => {
    await writeIris(workspace);
    const run = runOf(await workspace.run("train", [RECIPE]));
    const text = await Deno.readTextFile(join(workspace.folder, run, "summary.json"));
    const { test, validation } = JSON.parse(text);
    // Fisher's linear discriminant errs in 3 of the 150 it was fitted to: 1.2 of 60; three times
    // √1.2 more are 4
    assertEquals([test.samples, validation.samples], [30, 30]);
    assertLessOrEqual(test.mistakes + validation.mistakes, 4);
  }));

Deno.test("train gives the same bytes for a table by any number of workers, plain or compressed", () =>
  inWorkspace(async (workspace) => {
    await writeIris(workspace);
    const promised = async (...args: readonly string[]) => {
      const run = runOf(await workspace.run("train", [...SHORT, "--fresh", ...args]));
      return [run, workspace.promised(run)] as const;
    };
    const expected = await promised("--threads", "1");
    assertEquals(await promised("--threads", "3"), expected);
    await workspace.write("tests/fixtures/iris.csv", new Uint8Array(gzipSync(IRIS)));
    assertEquals(await promised("--threads", "1"), expected); // the content is the same
  }));

Deno.test("train validates on the requested fold, and folds are separate runs", () =>
  inWorkspace(async (workspace) => {
    await writeIris(workspace);
    const folds = [
      "--set",
      "split.test=0",
      "--set",
      "split.validation=0",
      "--set",
      "split.folds=7",
    ];
    const on = ["--set", 'evaluate.on=["validation"]'];
    const counts: number[] = [];
    const runs = new Set<string>();
    for (const fold of [1, 2, 7]) {
      const args = [...SHORT, ...folds, ...on, "--set", `split.fold=${fold}`];
      const run = runOf(await workspace.run("train", args));
      runs.add(run);
      const text = await Deno.readTextFile(join(workspace.folder, run, "summary.json"));
      counts.push(JSON.parse(text).validation.samples);
    }
    assertEquals([runs.size, counts], [3, [22, 22, 21]]); // 150 = 3 · 22 + 4 · 21
  }));

Deno.test("train learns the same from IDX files, a table and NumPy's arrays, and predict agrees", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const [images, labels, testImages, testLabels] = [
      "images",
      "labels",
      "test-images",
      "test-labels",
    ]
      .map((name) => Deno.readFileSync(join(workspace.folder, "data", name)))
      .map((bytes) => bytes.subarray(4 + 4 * bytes[3])) as Four;
    await workspace.write(
      "data.npz",
      npzOf({
        x_train: npy([60, 2, 7], images),
        y_train: npy([60], labels),
        x_test: npy([30, 2, 7], testImages),
        y_test: npy([30], testLabels),
      }),
    );
    await workspace.write("images.npy", npy([30, 2, 7], testImages));
    const table = (images: Uint8Array, labels: Uint8Array) =>
      Array.from(labels, (label, row) => `${images.slice(14 * row, 14 * row + 14)},${label}\n`);
    await workspace.write("train.csv", table(images, labels).join(""));
    await workspace.write("test.csv", table(testImages, testLabels).join(""));
    const sets = {
      idx: TINY.pipeline[0].dataset,
      npz: { name: "npz", path: "data.npz" },
      csv: { name: "csv", path: "train.csv", test: "test.csv", shape: [2, 7] },
    };
    const models = new Set<string | undefined>();
    const said = new Set<string>();
    for (const [name, dataset] of Object.entries(sets)) {
      await workspace.write(`${name}.json`, tinyWith(dataset, { validation: 12 }));
      const run = runOf(await workspace.run("train", [`${name}.json`]));
      models.add(workspace.promised(run)["model.safetensors"]);
      for (const file of ["data/test-images", "data.npz", "images.npy", "test.csv"]) {
        const { code, stdout } = await workspace.run("predict", [run, file]);
        assertEquals(code, 0);
        said.add(stdout);
      }
    }
    assertEquals([models.size, models.has(undefined), said.size], [1, false, 1]);
  }));

Deno.test("train rejects impossible tables, arrays and splits, before it writes anything", () =>
  inWorkspace(async (workspace) => {
    await writeIris(workspace);
    await workspace.write(
      "short.csv",
      IRIS.replace("4.9,3.0,1.4,0.2,setosa", "4.9,3.0,1.4,setosa"),
    );
    await workspace.write("typo.csv", IRIS.replace("4.9,3.0", "4.9,3.O"));
    await workspace.write("empty.csv", "");
    const csv = (options: object) => ({ name: "csv", path: "tests/fixtures/iris.csv", ...options });
    const cases: readonly (readonly [object, object, 1 | 2, string])[] = [
      [
        csv({ path: "short.csv" }),
        { validation: 9 },
        1,
        'Cannot read "short.csv", line 3: expected 5 fields, as in line 1: received 4',
      ],
      [
        csv({ path: "typo.csv" }),
        { validation: 9 },
        1,
        'Cannot read "typo.csv", line 3, column "sepal_width": expected a number: received "3.O": correct it, or ' +
        'name the column in "ignore" or "categorical"',
      ],
      [
        csv({ path: "empty.csv" }),
        { validation: 9 },
        1,
        'Cannot read "empty.csv": expected at least 1 row of numbers: received an empty file',
      ],
      [
        csv({ path: "none.csv" }),
        { validation: 9 },
        1,
        'Cannot read table "none.csv": there is no such file or folder: tried "FOLDER/none.csv"',
      ],
      [
        csv({ label: "specie" }),
        { validation: 9 },
        1,
        'Cannot read "tests/fixtures/iris.csv": expected as label the name of a column in the first line: received "specie": did you mean "species"?',
      ],
      [
        csv({ label: "species", header: false }),
        { validation: 9 },
        2,
        'Cannot read config "0.json": 1 problem\n  0.json:1: pipeline[0].dataset.label (load.dataset.label): expected an index, since without a header no column has a name: received "species"',
      ],
      [
        { name: "npz", path: "empty.csv" },
        { validation: 9 },
        1,
        'Cannot read "empty.csv": expected a zip archive, as numpy.savez writes: received an empty file',
      ],
      [
        csv({}),
        { test: 200, validation: 9 },
        1,
        "Cannot split 150 samples: expected to hold out 0 to 149: received 200",
      ],
      [
        csv({}),
        { folds: 151, fold: 1 },
        1,
        "Cannot split 150 samples: expected 2 to 150 folds and one of them, from 1: received 151 folds",
      ],
      [
        csv({}),
        {},
        2,
        'Cannot read config "0.json": 1 problem\n  0.json:1: pipeline[1].validation (split.validation): expected validation, or folds and fold: received nothing',
      ],
      [
        csv({}),
        { folds: 5 },
        2,
        'Cannot read config "0.json": 1 problem\n  0.json:1: pipeline[1].folds (split.folds): expected both folds and fold, or neither: received 5',
      ],
      [
        csv({}),
        { folds: 5, fold: 6 },
        2,
        'Cannot read config "0.json": 1 problem\n  0.json:1: pipeline[1].fold (split.fold): expected one of the folds, from 1: received 6',
      ],
      [
        csv({}),
        { folds: 5, fold: 1, validation: 10 },
        2,
        'Cannot read config "0.json": 1 problem\n  0.json:1: pipeline[1].validation (split.validation): expected no validation beside folds, or 0: received 10',
      ],
    ];
    for (const [dataset, split, code, stderr] of cases) {
      await workspace.write("0.json", tinyWith(dataset, split));
      const before = workspace.list();
      assertEquals(await workspace.run("train", ["0.json"]), {
        code,
        stdout: "",
        stderr: `${stderr.replace("FOLDER", workspace.folder)}\n`,
      });
      assertEquals(workspace.list(), before);
    }
  }));
