/** The command `deno task predict` on finished runs and files, good and wrong. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { gzipSync } from "node:zlib";
import { type Idx, writeIdx } from "../../lib/data/formats/idx.ts";
import { decodeRun, RECORD_FILES } from "../../lib/run/folder.ts";
import { type Ended, inWorkspace, runOf, TINY, type Workspace, writeTiny } from "./workspace.ts";

/** Uses a workspace with a finished run. */
function withRun(use: (workspace: Workspace, run: string) => Promise<void>): Promise<void> {
  return inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await use(workspace, runOf(await workspace.run("train", ["tiny.json"])));
  });
}

/** Returns the recorded predictions of a run's test samples, in the form of `predict --json`. */
async function recorded({ folder }: Workspace, run: string): Promise<string> {
  const files = new Map<string, Uint8Array>();
  for (const name of RECORD_FILES) files.set(name, await Deno.readFile(join(folder, run, name)));
  const { evaluations } = decodeRun(run, files);
  const { probabilities } = evaluations.find(({ split }) => split === "test") ?? {};
  const lines = Array.from({ length: 30 }, (_, sample) => {
    const of = [...probabilities?.subarray(3 * sample, 3 * sample + 3) ?? []];
    const fields = of.toSorted((a, b) => b - a).flatMap((
      each,
    ) => [of.indexOf(each), each.toFixed(4)]);
    return `${[sample, ...fields].join("\t")}\n`;
  });
  const ranks = ["class", "second class", "third class"].map((rank) => `${rank}\tprobability`);
  return `sample\t${ranks.join("\t")}\n${lines.join("")}`;
}

Deno.test("predict on samples without labels agrees with train on the same test split", () =>
  withRun(async (workspace, run) => {
    const before = workspace.promised(run);
    const expected = { code: 0, stdout: await recorded(workspace, run), stderr: "" };
    const classes = expected.stdout.trimEnd().split("\n").slice(1).map((line) =>
      line.split("\t")[1]
    );
    assertEquals(new Set(classes).size, 3);
    assertEquals(await workspace.run("predict", [run, "data/test-images"]), expected);
    const bytes = await Deno.readFile(join(workspace.folder, "data/test-images"));
    await workspace.write("packed", new Uint8Array(gzipSync(bytes)));
    for (const threads of ["1", "3"]) {
      const args = [run, "packed", "--threads", threads];
      assertEquals(await workspace.run("predict", args), expected);
    }
    assertEquals(workspace.promised(run), before);
    const json = await workspace.run("predict", [run, "data/test-images", "--json"]);
    const samples: readonly JsonPrediction[] = JSON.parse(json.stdout);
    const [, ...lines] = expected.stdout.trimEnd().split("\n");
    assertEquals(samples.length, 30);
    samples.forEach(({ sample, class: best, probability, probabilities }, index) => {
      assertEquals(lines[index].split("\t").slice(0, 3), [
        `${sample}`,
        best,
        probability.toFixed(4),
      ]);
      assertEquals(Object.keys(probabilities), ["0", "1", "2"]);
      assertEquals(probabilities[best], probability);
      const sum = Object.values(probabilities).reduce((sum, each) => sum + each, 0);
      assertAlmostEquals(sum, 1, 1e-6);
    });
  }));

/** Prediction of a sample as printed by --json. */
interface JsonPrediction {
  readonly sample: number;
  readonly class: string;
  readonly probability: number;
  readonly probabilities: Readonly<Record<string, number>>;
}

Deno.test("predict accepts 8-bit samples for a network that was trained on 32-bit numbers", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const [load, ...rest] = TINY.pipeline;
    const dataset = { ...load.dataset, images: "data/floats", testImages: "data/test-floats" };
    for (const [from, to] of [["images", "floats"], ["test-images", "test-floats"]] as const) {
      const bytes = await Deno.readFile(join(workspace.folder, "data", from));
      const shape = [(bytes.length - 16) / 14, 2, 7];
      const floats: Idx = { type: "f32", shape, values: Float32Array.from(bytes.subarray(16)) };
      await workspace.write(`data/${to}`, writeIdx(floats));
    }
    const config = { ...TINY, pipeline: [{ ...load, dataset }, ...rest] };
    await workspace.write("floats.json", config);
    const run = runOf(await workspace.run("train", ["floats.json"]));
    const expected = { code: 0, stdout: await recorded(workspace, run), stderr: "" };
    assertEquals(await workspace.run("predict", [run, "data/test-floats"]), expected);
    assertEquals(await workspace.run("predict", [run, "data/test-images"]), expected);
  }));

Deno.test("predict rejects files without such samples, and folders that are not runs", () =>
  withRun(async (workspace, run) => {
    const failure = (message: string): Ended => ({ code: 1, stdout: "", stderr: `${message}\n` });
    const other: Idx = { type: "u8", shape: [2, 14], values: new Uint8Array(28) };
    await workspace.write("flat", writeIdx(other));
    await workspace.write(
      "floats",
      writeIdx({ type: "f32", shape: [1, 2, 7], values: new Float32Array(14) }),
    );
    const refusal = (file: string, received: string) =>
      failure(
        `Cannot predict "${file}": expected 8-bit samples of shape [2, 7], as in training: ` +
          `received ${received}`,
      );
    const cases: readonly (readonly [string, string, Ended])[] = [
      [run, "flat", refusal("flat", "8-bit samples of [14]")],
      [run, "floats", refusal("floats", "32-bit samples of [2, 7]")],
      [
        run,
        "data/labels",
        failure(
          'Cannot read "data/labels": expected at least 2 dimensions, the samples and their ' +
            "features: received [60]",
        ),
      ],
      [
        run,
        "none",
        failure(
          'Cannot read samples "none": there is no such file or folder: ' +
            `tried "${join(workspace.folder, "none")}"`,
        ),
      ],
      [
        run,
        "data",
        failure(
          'Cannot read "data/images": expected a picture, PNG or JPEG: received a file that begins with ' +
            "the bytes 00 00 08 03",
        ),
      ],
      [
        run,
        "flat floats",
        failure(
          'Cannot predict "flat": expected pictures, PNG or JPEG, where there are several files: ' +
            "received a file that is none",
        ),
      ],
      [
        "data",
        "flat",
        failure(
          'Cannot read run "data": expected the folder of a finished run: ' +
            'received one without "manifest.json"',
        ),
      ],
    ];
    for (const [run, file, expected] of cases) {
      assertEquals(await workspace.run("predict", [run, ...file.split(" ")]), expected);
    }
  }));

Deno.test("predict exits with 2 on wrong arguments, and prints its usage", () =>
  inWorkspace(async (workspace) => {
    const cases = [
      [["a"], "expected a run folder and a file: received 1"],
      [["a", "b", "--threads=0"], 'expected 1 to 256 after --threads: received "0"'],
    ] as const;
    for (const [args, message] of cases) {
      const { code, stdout, stderr } = await workspace.run("predict", args);
      assertEquals([code, stdout], [2, ""]);
      assertStringIncludes(stderr, `Cannot run "deno task predict": ${message}`);
    }
    const { code, stdout } = await workspace.run("predict", ["--help"]);
    assertEquals(code, 0);
    assert(stdout.includes("deno task predict RUN FILE [OPTIONS]"));
    assert(stdout.includes("deno task predict RUN PICTURE... [OPTIONS]"));
  }));
