import { assertEquals, assertStringIncludes } from "@std/assert";
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

Deno.test("check gives the expected time by the newest run, and the resolved config", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const { run } = workspace;
    await run("train", ["tiny.json"]);
    const { stdout } = await run("check", ["tiny.json", "--resolved"]);
    assertStringIncludes(stdout, '"initializer": {');
    assertStringIncludes(stdout, "of steps, by the rate of tiny-");
  }));

Deno.test("check --train passes what can learn, and fails what cannot", () =>
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
