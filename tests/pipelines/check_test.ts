import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { writeIdx } from "../../lib/data/formats/idx.ts";
import { inWorkspace, TINY, writeTiny } from "./workspace.ts";

Deno.test("check outlines a network without reading the files of a published data set", () =>
  inWorkspace(async ({ run, write }) => {
    const pipeline = [
      { stage: "load", dataset: { name: "mnist" } },
      { stage: "split", validation: 5000 },
      { stage: "normalize", method: { name: "unit" } },
      { stage: "reduce", method: { name: "pca", components: 40 } },
      ...TINY.pipeline.filter(({ stage }) => stage === "train").map((stage) => ({
        ...stage,
        layers: [{ name: "dense", units: 30 }, { name: "relu" }, { name: "dense" }],
      })),
    ];
    await write("mnist.json", { ...TINY, pipeline });
    const { code, stdout, stderr } = await run("check", ["mnist.json"]);
    assertEquals([code, stderr], [0, ""]);
    for (
      const text of [
        "70,000 samples, images of 28\u00a0×\u00a028, 10 classes",
        "55,000 training, 5,000 validation, 10,000 test",
        "weight [40, 30], bias [30]",
        "1,540 parameters",
        "not measured here",
      ]
    ) assertStringIncludes(stdout, text);
  }));

Deno.test("check reads the sizes of the user's files from their beginnings, and marks estimates", () =>
  inWorkspace(async ({ run, write, folder }) => {
    const trained = (layers: readonly object[]) =>
      TINY.pipeline.filter(({ stage }) => stage === "train").map((stage) => ({ ...stage, layers }));
    const checked = async (dataset: object, last: object = { name: "dense" }) => {
      const pipeline = [
        { stage: "load", dataset },
        { stage: "split", validation: 40 },
        { stage: "normalize", method: { name: "none" } },
        ...trained([{ name: "dense", units: 5 }, { name: "relu" }, last]),
      ];
      await write("own.json", { ...TINY, pipeline });
      const { code, stdout, stderr } = await run("check", ["own.json"]);
      assertEquals([code, stderr], [0, ""]);
      return stdout;
    };
    const labels = writeIdx({ type: "u8", shape: [200], values: new Uint8Array(200).fill(6, 100) });
    Deno.writeFileSync(join(folder, "y.idx"), labels);
    const images = writeIdx({ type: "u8", shape: [200, 9, 9], values: new Uint8Array(200 * 81) });
    Deno.writeFileSync(join(folder, "x.idx"), images);
    const idx = await checked({ name: "idx", images: "x.idx", labels: "y.idx" });
    assertStringIncludes(
      idx,
      "idx x.idx, y.idx: 200 samples, images of 9\u00a0×\u00a09, 7 classes",
    );
    assertStringIncludes(idx, "160 training, 40 validation samples");
    assert(!idx.includes("estimated"));

    // the only row of the third class lies between the places from which lines are taken
    const line = (row: number) =>
      `${row % 97},${"abc"[row % 3]},${row === 2130 ? "rare" : row % 2 === 0 ? "even" : "odd"}`;
    const lines = Array.from({ length: 40_000 }, (_, row) => line(row)).join("\n");
    await Deno.writeTextFile(join(folder, "own.csv"), `number,letter,parity\n${lines}\n`);
    const table = { name: "csv", path: "own.csv" };
    const estimated = await checked(table);
    assertStringIncludes(estimated, "40,000 samples, 4 features, 2 classes");
    assert(
      /\n +rows, classes and categories are estimated from \d\d\.\d.% of the table\n/.test(
        estimated,
      ),
    );
    const exact = await checked(table, { name: "dense", units: 3 });
    assertStringIncludes(exact, "40,000 samples, 4 features, 3 classes");
    assert(!exact.includes("estimated"));
  }));

Deno.test("check estimates the time by the newest run, and prints the resolved config", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const { run } = workspace;
    await run("train", ["tiny.json"]);
    const { stdout } = await run("check", ["tiny.json", "--resolved"]);
    assertStringIncludes(stdout, '"initializer": {');
    assertStringIncludes(stdout, "of steps, by the rate of tiny-");
    const ranks = await run("check", ["tiny.json", "--ranks", "4", "--set", "train.shards=4"]);
    const times = "(\\S+ ms +){3}\\S+ ×\\n";
    assertMatch(ranks.stdout, new RegExp(` 1 +${times} +2 +${times} +4 +${times}`));
    assertStringIncludes(ranks.stdout, "link        assumed: 30 µs latency, 10 Gbit/s");
    assertMatch(ranks.stdout, /\nranks +(do not pay|more than 2 ranks do not pay|\d ranks are)/);
    const few = await run("check", ["tiny.json", "--ranks", "4"]);
    assertStringIncludes(few.stderr, 'expected at most as many ranks as "shards", 1');
  }));

Deno.test("check --train passes a training that can learn, and fails others", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const { run } = workspace;
    const rate = (value: number) => [
      "tiny.json",
      "--train",
      "--set",
      `train.learningRate={"name":"constant","rate":${value}}`,
    ];
    const sound = await run("check", rate(0.05));
    assertEquals([sound.code, sound.stderr, sound.stdout.match(/ pass /g)?.length], [0, "", 5]);
    const stuck = await run("check", rate(1e-12));
    assertEquals(stuck.code, 1);
    assertStringIncludes(stuck.stdout, "raise train.learningRate");
  }));
