/** Runs that were stopped, killed, shared or spoilt. */
import {
  assert,
  assertEquals,
  assertGreater,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { DIGITS, inWorkspace, runOf, withDigits, type Workspace, writeTiny } from "../workspace.ts";
import { chosenV8Flags } from "../../v8_flags.ts";

/** A run of a second: longer than all that the interruptions leave time for. */
const ARGS = [DIGITS, "--set", "train.epochs=12", "--set", "train.optimizer.name=momentum"];

/** Waits until a run of a workspace has a checkpoint, or another condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function checkpoints({ list }: Workspace): string[] {
  return list("outputs").filter((path) => /checkpoints\/step-\d+\.safetensors$/.test(path));
}

/** Starts the run and sends a signal some time after its first new checkpoint. */
async function interrupt(
  workspace: Workspace,
  { signal, after }: { readonly signal: Deno.Signal; readonly after: number },
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const before = `${checkpoints(workspace)}`;
  await using child = workspace.start("train", ARGS);
  const output = child.output();
  let isOver = false;
  child.status.then(() => isOver = true);
  await until(() => isOver || `${checkpoints(workspace)}` !== before);
  assert(!isOver, "expected a run that takes longer");
  await new Promise((resolve) => setTimeout(resolve, after));
  child.kill(signal);
  if (signal === "SIGINT") child.kill(signal); // in a terminal, `deno task` passes it on once more
  const { code, stdout, stderr } = await output;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("train killed, stopped and gone on from ends in the bytes of an undisturbed run", () =>
  inWorkspace(async (workspace) => {
    await withDigits(workspace);
    await Deno.mkdir(join(workspace.folder, "outputs"));
    const undisturbed = await workspace.run("train", [...ARGS, "--output", "outputs/undisturbed"]);
    const expected = workspace.promised(runOf(undisturbed));
    assertEquals(Object.keys(expected).length, 26); // 18 charts, and eight others
    await Deno.remove(join(workspace.folder, "outputs/undisturbed"), { recursive: true });

    for (const after of [0, 40, 25]) {
      const { code, stdout } = await interrupt(workspace, { signal: "SIGKILL", after });
      assertEquals([code, stdout], [137, ""]); // 128 + 9
      assertEquals(workspace.list("outputs").filter((path) => path.includes("manifest")), []);
    }
    const stopped = await interrupt(workspace, { signal: "SIGINT", after: 20 });
    assertEquals([stopped.code, stopped.stdout], [130, ""], stopped.stderr);
    assertStringIncludes(stopped.stderr, "going on from step ");
    assert(stopped.stderr.endsWith("stopped: the same command goes on from here\n"));
    const left = workspace.list("outputs");
    assertEquals(left.filter((path) => /manifest|\.tmp$|\.lock$/.test(path)), []);
    assertEquals(checkpoints(workspace).length, 1);

    const ended = await workspace.run("train", ARGS);
    assertEquals(ended.code, 0, ended.stderr);
    assertEquals(workspace.promised(runOf(ended)), expected);
    const names = workspace.list("outputs");
    assertEquals(names.filter((path) => /\.tmp$|\.lock$/.test(path)), []);
  }));

Deno.test("train ends with a message when a worker dies, and goes on from its checkpoint", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const args = ["tiny.json", "--quiet", "--threads", "3", "--set", "train.epochs=150"];
    const run = runOf(await workspace.run("train", args));
    const expected = workspace.promised(run);
    await Deno.remove(join(workspace.folder, run), { recursive: true });
    let step = 0;
    for (const way of ["close", "exit", "throw", "overflow"]) {
      const module = new URL("../../engine/workers/sabotage.ts", import.meta.url);
      const name = JSON.stringify(`${way} 200`); // after some epochs, and before the last one
      await workspace.write("die.ts", `import { sabotage } from "${module}"; sabotage(${name});`);
      const { code, stdout, stderr } = await workspace.runAlone("train", args, {
        preload: "die.ts",
      });
      assertEquals([code, stdout], [1, ""]);
      const message =
        /^Cannot go on: worker 2 of 3 .* in step \d of program "[\w.]+".*: the same command goes on from step (\d+)\n$/;
      const [, from] = message.exec(stderr) ?? [];
      assertGreater(Number(from), step, stderr);
      step = Number(from);
      const [checkpoint, ...more] = checkpoints(workspace);
      assertStringIncludes(`${checkpoint}`, `/step-${from?.padStart(10, "0")}.safetensors`);
      assertEquals(more, []);
    }
    assertEquals(runOf(await workspace.run("train", args)), run);
    assertEquals(workspace.promised(run), expected);
  }));

Deno.test("train gives the same bytes without the flags of V8: baseline code, narrow vectors, checks", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const usual = runOf(await workspace.run("train", ["tiny.json"]));
    const expected = workspace.promised(usual);
    const flags = chosenV8Flags();
    assertEquals(flags.length, 1);
    const without = { without: flags };
    assertEquals(
      runOf(await workspace.runAlone("train", ["tiny.json", "--fresh"], without)),
      usual,
    );
    assertEquals(workspace.promised(usual), expected);
  }));

Deno.test("train keeps a second process out of a run folder, and lets it in afterwards", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const run = runOf(await workspace.run("train", ["tiny.json", "--quiet"]));
    const lock = join(workspace.folder, "outputs", `.${run.split("/").at(-1)}.lock`);
    {
      using file = await Deno.open(lock, { write: true, create: true });
      await file.lock(true);
      const before = workspace.promised(run);
      const second = await workspace.run("train", ["tiny.json", "--fresh"]);
      assertEquals(second, {
        code: 1,
        stdout: "",
        stderr: `Cannot open run folder "${run}": another process works on it\n`,
      });
      assertEquals(workspace.promised(run), before);
    }
    // the file of a process that was killed is in nobody's way
    assertEquals((await workspace.run("train", ["tiny.json", "--fresh"])).code, 0);
    assertEquals(workspace.list("outputs").filter((path) => path.endsWith(".lock")), []);
  }));

Deno.test("train started twice at once runs once, or finds the run finished", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const both = await Promise.all([1, 2].map(() => workspace.run("train", ["tiny.json"])));
    const codes = both.map(({ code }) => code).sort();
    assert(codes[0] === 0, JSON.stringify(both));
    for (const { code, stderr } of both) {
      if (code !== 0) assertStringIncludes(stderr, "another process works on it");
    }
    const again = await workspace.run("train", ["tiny.json"]);
    assertStringIncludes(again.stderr, "finished before");
  }));

Deno.test("train refuses a spoilt checkpoint or manifest, and says how to go on", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const run = runOf(await workspace.run("train", ["tiny.json", "--quiet"]));
    const promised = workspace.promised(run);
    const advice = ": --fresh makes the run again\n";

    await workspace.write(`${run}/manifest.json`, "{");
    const spoilt = await workspace.run("train", ["tiny.json"]);
    assertEquals(spoilt, {
      code: 1,
      stdout: "",
      stderr:
        `Cannot read manifest "${run}/manifest.json": expected JSON: received 1 characters that ` +
        `are not${advice}`,
    });

    const manifest = { run: "x", format: 1, backend: "exact", versions: {}, machine: {} };
    const files = [{ path: "../../../secret", bytes: 1, sha256: "0".repeat(64) }];
    const times = { started: "", finished: "", data: [] };
    await workspace.write(`${run}/manifest.json`, { ...manifest, ...times, files });
    assertEquals(
      (await workspace.run("train", ["tiny.json"])).stderr,
      [
        `Cannot read manifest "${run}/manifest.json": expected files of the run: ` +
        `received "../../../secret"${advice}`,
      ].join(""),
    );

    await Deno.remove(join(workspace.folder, run, "manifest.json"));
    const checkpoint = `${run}/checkpoints/step-0000000006.safetensors`;
    const bytes = await Deno.readFile(join(workspace.folder, checkpoint));
    await workspace.write(checkpoint, bytes.subarray(0, -7));
    const cut = await workspace.run("train", ["tiny.json"]);
    assertEquals([cut.code, cut.stdout], [1, ""]);
    assertStringIncludes(cut.stderr, `Cannot read checkpoint "${checkpoint}": expected `);
    assert(cut.stderr.endsWith(advice), cut.stderr);
    assertEquals(workspace.list(run).includes("manifest.json"), false);

    assertEquals((await workspace.run("train", ["tiny.json", "--fresh"])).code, 0);
    assertEquals(workspace.promised(run), promised);
  }));

Deno.test("train makes again what was changed in a finished run, and says so", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const run = runOf(await workspace.run("train", ["tiny.json", "--quiet"]));
    const promised = workspace.promised(run);
    await workspace.write(`${run}/report.svg`, "<svg/>");
    await Deno.remove(join(workspace.folder, run, "model.safetensors"));
    assertNotEquals(workspace.promised(run), promised);
    const { code, stderr } = await workspace.run("train", ["tiny.json"]);
    assertEquals(code, 0);
    assertStringIncludes(
      stderr,
      "changed since it was finished, and made again: model.safetensors, report.svg\n",
    );
    assertEquals(workspace.promised(run), promised);
  }));

Deno.test("train that diverges exits with 1, keeps the last good state and has no manifest", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const rate = 'train.learningRate={"name":"constant","rate":1e30}';
    const args = ["tiny.json", "--set", rate, "--set", "train.epochs=5"];
    const first = await workspace.run("train", args);
    assertEquals([first.code, first.stdout], [1, ""]);
    const message =
      "Training diverged: expected finite numbers: received NaN or infinity in epoch 1, " +
      "step 2, first from forward of layer 3 (dense2): matmul: lower train.learningRate, or limit the " +
      "gradient by train.clip\n";
    assert(first.stderr.endsWith(message) && first.stderr.startsWith("data  "), first.stderr);
    const [folder] = Array.from(Deno.readDirSync(join(workspace.folder, "outputs")));
    const run = `outputs/${folder?.name}`;
    assertEquals(workspace.list(run), [
      "checkpoints/step-0000000001.safetensors",
      "config.json",
      "log.jsonl",
    ]);
    const log = await Deno.readTextFile(join(workspace.folder, run, "log.jsonl"));
    assertStringIncludes(log, '"level":"error","message":"Training diverged');
    const second = await workspace.run("train", args);
    assertEquals(second.code, 1);
    assert(second.stderr.endsWith(`\ngoing on from step 1 of ${run}\n${message}`), second.stderr);
  }));

/** Mounts a small file system, where that is permitted, and takes it off again. */
async function withMount(
  folder: string,
  options: string,
  use: () => Promise<void>,
): Promise<boolean> {
  const run = async (command: string, ...args: readonly string[]) => {
    try {
      const { success } = await new Deno.Command(command, { args: [...args] }).output();
      return success;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  };
  if (!await run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder)) return false;
  try {
    await use();
  } finally {
    await run("umount", folder);
  }
  return true;
}

Deno.test("train on a full or read-only disk says so and leaves nothing half-written", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("outputs/README.md", "");
    const outputs = join(workspace.folder, "outputs");
    // 48 kB hold a checkpoint and the results, but not the drawings
    await withMount(outputs, "size=48k", async () => {
      const { code, stdout, stderr } = await workspace.run("train", ["tiny.json"]);
      assertEquals([code, stdout], [1, ""]);
      assert(
        /Cannot write "outputs\/tiny-.*": no space is left on the disk\n$/.test(stderr),
        stderr,
      );
      const left = workspace.list("outputs");
      assertEquals(left.filter((path) => /manifest|\.tmp$|\.lock$/.test(path)), []);
      assert(left.some((path) => path.endsWith("metrics.jsonl")), `${left}`);
    });
    await withMount(outputs, "ro", async () => {
      const { code, stdout, stderr } = await workspace.run("train", ["tiny.json"]);
      assertEquals([code, stdout], [1, ""]);
      assert(/^Cannot make run folder ".*": the disk may only be read\n$/.test(stderr), stderr);
    });
    assertEquals((await workspace.run("train", ["tiny.json"])).code, 0);
  }));

Deno.test("train refuses a file in place of the output folder", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("outputs/taken", "a file");
    const { code, stderr } = await workspace.run("train", ["tiny.json", "--output=outputs/taken"]);
    assertEquals(code, 1);
    const message =
      /^Cannot read manifest "outputs\/taken\/tiny-.*": a part of its path is a file, /;
    assert(message.test(stderr), stderr);
  }));
