/** Times of a run by stage and operation: files of the run folder, and their drawing. */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { timeTraining } from "../../../pipelines/experiment/training_time.ts";
import { type Checkpoint, emptyHistory } from "../../../lib/run/checkpoint.ts";
import type { EpochRecord } from "../../../lib/run/record.ts";
import { decodeTiming, type RunTiming } from "../../../lib/run/timing.ts";
import { assertGoodSvg } from "../../plot/support/checks.ts";
import { inWorkspace, runOf, type Workspace, writeTiny } from "../workspace.ts";

async function read({ folder }: Workspace, path: string): Promise<string> {
  return await Deno.readTextFile(join(folder, path));
}

async function timingOf(workspace: Workspace, run: string): Promise<RunTiming> {
  return decodeTiming(await read(workspace, `${run}/timing.jsonl`));
}

/** 40 epochs of three whole batches of 16; each epoch has 48 samples to learn from. */
const ARGS = ["tiny.json", "--set", "train.epochs=40"];

Deno.test("train writes the time of stages, of training by activity, and of operations", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const run = runOf(await workspace.run("train", [...ARGS, "--threads", "2"]));
    const { stages, training } = await timingOf(workspace, run);
    assertEquals(stages.map(({ stage }) => stage), [
      "load",
      "split",
      "normalize",
      "train",
      "evaluate",
      "report",
    ]);
    assert(training !== undefined);
    const { activities, steps, epochs, operations } = training;
    assertEquals(activities.map(({ training }) => training), [
      "setup",
      "steps",
      "validation",
      "observations",
      "checkpoints",
    ]);
    const [whole] = stages.filter(({ stage }) => stage === "train");
    const spent = activities.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    // a stage is rounded to 1 ms, five times to 0.1 ms
    assert(spent < (whole?.milliseconds ?? 0) + 0.5 + 5 * 0.05, `${spent}`);
    assertEquals({ ...steps, timed: 2 }, { after: 0, steps: 120, samples: 1920, timed: 2 });
    assertEquals(epochs.map(({ epoch }) => epoch), Array.from({ length: 40 }, (_, i) => i + 1));

    // two of 120 steps were timed, unless workers were put to sleep in them
    assert(steps.timed <= 2);
    if (steps.timed === 0) return;
    const names = operations.map(({ pass, layer, operation }) => `${pass} ${layer} ${operation}`);
    for (const name of ["forward dense1 matmul", "backward dense2 matmul", "update all loop"]) {
      assert(names.some((each) => each.startsWith(name)), names.join("\n"));
    }
    assertEquals(operations.at(-1)?.pass, "waiting");
    assertEquals(new Set(names).size, names.length);
    for (const { microseconds } of operations) assert(microseconds >= 0);

    const svg = await read(workspace, `${run}/environment.svg`);
    assertGoodSvg(svg);
    for (
      const text of ["Time by activity", "Time by operation", "waiting: for other workers"]
    ) {
      assertStringIncludes(svg, `>${text}<`);
    }
    const shares = [
      ...svg.split(">Time by operation<")[1]?.split(">Time by pass<")[0]
        ?.matchAll(/ · ([\d.]+)\u00a0%</g) ?? [],
    ].map(([, share]) => Number(share));
    assertGreater(shares.length, 5);
    const sum = shares.reduce((sum, share) => sum + share);
    assert(Math.abs(sum - 100) < 0.05 * shares.length, `${sum}`); // each is rounded to 0.1 %
  }));

Deno.test("train gives the same promised bytes for any number of timed workers", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const runs = await Promise.all(["1", "2", "3"].map(async (threads) => {
      const output = `outputs/${threads}`;
      return runOf(
        await workspace.run("train", [...ARGS, "--threads", threads, "--output", output]),
      );
    }));
    const [first, ...others] = runs.map(workspace.promised);
    for (const other of others) assertEquals(other, first);
    assertEquals(Object.keys(first ?? {}).filter((path) => /timing|environment/.test(path)), []);
    const { training } = await timingOf(workspace, runs[0]);
    assert(training?.operations.every(({ pass }) => pass !== "waiting")); // one waits for nobody
  }));

Deno.test("timeTraining() has no time of an epoch that was partly trained before", async () => {
  const checkpoint = (step: number, epochs: readonly number[]): Checkpoint => ({
    position: { epoch: epochs.length, step },
    state: new Map(),
    history: { ...emptyHistory(), epochs: epochs.map(epochRecord) },
  });
  const timesOf = async (from: Checkpoint | undefined) => {
    const { context, time } = timeTraining({ onCheckpoint: () => Promise.resolve(), from });
    await context.onCheckpoint(checkpoint(40, [20])); // a stop, without an epoch
    await context.onCheckpoint(checkpoint(60, [20, 40, 60]), epochRecord(60));
    await context.onCheckpoint(checkpoint(80, [20, 40, 60, 80]), epochRecord(80));
    return time().epochs.map(({ epoch }) => epoch);
  };
  assertEquals(await timesOf(undefined), [3, 4]);
  assertEquals(await timesOf(checkpoint(40, [20, 40])), [3, 4]);
  assertEquals(await timesOf(checkpoint(47, [20, 40])), [4]);
});

/** Returns the record of an epoch of 20 steps that ends with a step. */
function epochRecord(step: number): EpochRecord {
  return { epoch: step / 20, step, learningRate: 0.1, train: { loss: 1, accuracy: 0.5 } };
}

Deno.test("train that is resumed times its own steps only, and states how many were before", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const first = runOf(await workspace.run("train", [...ARGS, "--threads", "1"]));
    await Deno.remove(join(workspace.folder, first, "manifest.json"));
    const again = runOf(await workspace.run("train", [...ARGS, "--threads", "1"]));
    assertEquals(again, first);
    const { training } = await timingOf(workspace, again);
    assertEquals(training?.steps, { after: 120, steps: 0, samples: 0, timed: 0 });
    assertEquals([training?.epochs, training?.operations], [[], []]);
    const svg = await read(workspace, `${again}/environment.svg`);
    assertStringIncludes(svg, ">120 steps before the run was resumed<");
  }));

Deno.test("report draws the environment again unchanged, and that of a run without times", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const run = runOf(await workspace.run("train", ARGS));
    const drawn = await read(workspace, `${run}/environment.svg`);
    await Deno.remove(join(workspace.folder, run, "environment.svg"));
    assertEquals((await workspace.run("report", [run])).code, 0);
    assertEquals(await read(workspace, `${run}/environment.svg`), drawn);
    const lines = (await read(workspace, `${run}/timing.jsonl`)).split("\n");
    const older = lines.filter((line) => line.includes('"stage"'));
    await workspace.write(`${run}/timing.jsonl`, `${older.join("\n")}\n`); // as it was before
    assertEquals((await workspace.run("report", [run])).code, 0);
    const plain = await read(workspace, `${run}/environment.svg`);
    assertStringIncludes(plain, ">train<");
    assert(!plain.includes(">Training<"));
    await Deno.remove(join(workspace.folder, run, "timing.jsonl"));
    assertEquals((await workspace.run("report", [run])).code, 0);
    assertGoodSvg(await read(workspace, `${run}/environment.svg`));
  }));
