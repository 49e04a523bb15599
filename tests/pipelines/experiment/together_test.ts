/** A config that uses many parts at once, killed and gone on from, by 1 and by 3 workers. */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inWorkspace, runOf, withDigits, type Workspace } from "../workspace.ts";

/** Batch norm, dropout, a residual block, one cycle, AdamW, clipping, averaging, augmentations and more. */
const CONFIG = new URL("../../../configs/together.json", import.meta.url).pathname;

/** Few epochs, so that scores stop getting better only after the last. */
const ARGS = [CONFIG, "--set", "train.epochs=3"];

/** Files of checkpoints, the best included. */
function checkpoints({ list }: Workspace): string {
  return `${list("outputs").filter((path) => path.includes("checkpoints/step"))}`;
}

/** Kills a training as soon as it has another checkpoint. */
async function killed(workspace: Workspace, threads: string): Promise<void> {
  const before = checkpoints(workspace);
  await using child = workspace.start("train", [...ARGS, "--threads", threads]);
  let isOver = false;
  child.status.then(() => isOver = true);
  while (!isOver && checkpoints(workspace) === before) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert(!isOver, "expected a run that takes longer");
  child.kill("SIGKILL");
  await child.output();
}

Deno.test("train with many parts at once, killed and resumed, ends with the same bytes", () =>
  inWorkspace(async (workspace) => {
    await withDigits(workspace);
    const ofOne = await workspace.run("train", [...ARGS, "--threads", "1"]);
    const run = runOf(ofOne);
    const expected = workspace.promised(run);
    assertGreater(Object.keys(expected).length, 10);
    assert("checkpoints/best.safetensors" in expected);
    await Deno.remove(join(workspace.folder, run), { recursive: true });

    await killed(workspace, "3");
    await killed(workspace, "1");
    const { code, stderr, stdout } = await workspace.run("train", [...ARGS, "--threads", "3"]);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "resuming from step ");
    assertEquals(runOf({ code, stderr, stdout }), run);
    assertEquals(workspace.promised(run), expected);
  }));

Deno.test("train with many parts at once stops early, and has the model of the best score", () =>
  inWorkspace(async (workspace) => {
    await withDigits(workspace);
    const args = [CONFIG, "--set", "train.earlyStopping.patience=1", "--set", "train.epochs=30"];
    const { code, stderr, stdout } = await workspace.run("train", args);
    assertEquals(code, 0, stderr);
    const summary = JSON.parse(
      await Deno.readTextFile(
        join(workspace.folder, runOf({ code, stderr, stdout }), "summary.json"),
      ),
    );
    assertGreater(30, summary.epochs);
    assertGreater(summary.validation.accuracy, 0.85);
    assertGreater(summary.validation.raw.accuracy, 0.85);
  }));
