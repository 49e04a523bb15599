/** Runs that were stopped, killed, shared or spoilt. */
import {
  assert,
  assertEquals,
  assertGreater,
  assertLessOrEqual,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { basename, join } from "@std/path";
import { claimFolder } from "../../../lib/io/results/claim.ts";
import { INIT_CWD_VARIABLE } from "../../../pipelines/cli/startup.ts";
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

Deno.test("train that is killed, stopped and resumed ends with the bytes of an undisturbed run", () =>
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
    for (const [signal, number] of [["SIGTERM", 15], ["SIGHUP", 1]] as const) {
      const { code, stdout, stderr } = await interrupt(workspace, { signal, after: 10 });
      assertEquals([code, stdout], [128 + number, ""], stderr);
      assert(stderr.endsWith("stopped: the same command resumes from here\n"), stderr);
    }
    const stopped = await interrupt(workspace, { signal: "SIGINT", after: 20 });
    assertEquals([stopped.code, stopped.stdout], [130, ""], stopped.stderr);
    assertStringIncludes(stopped.stderr, "resuming from step ");
    assert(stopped.stderr.endsWith("stopped: the same command resumes from here\n"));
    const left = workspace.list("outputs");
    assertEquals(left.filter((path) => /manifest|\.tmp$|\.claim/.test(path)), []);
    assertLessOrEqual(checkpoints(workspace).length, 2); // where it was stopped, and the end of an epoch

    const ended = await workspace.run("train", ARGS);
    assertEquals(ended.code, 0, ended.stderr);
    assertEquals(workspace.promised(runOf(ended)), expected);
    const names = workspace.list("outputs");
    assertEquals(names.filter((path) => /\.tmp$|\.claim/.test(path)), []);
  }));

Deno.test("train resumes within an epoch if checkpoints are written there, with the same bytes", () =>
  inWorkspace(async (workspace) => {
    await withDigits(workspace);
    await Deno.mkdir(join(workspace.folder, "outputs"));
    const undisturbed = runOf(await workspace.run("train", ARGS));
    const { "config.json": _, ...expected } = workspace.promised(undisturbed);
    await Deno.remove(join(workspace.folder, undisturbed), { recursive: true });

    const often = [...ARGS, "--set", 'train.checkpoint={"every":"0.01 s"}'];
    const steps: number[] = [];
    for (const after of [30, 50, 70]) {
      await using child = workspace.start("train", often);
      const output = child.output();
      const before = `${checkpoints(workspace)}`;
      await until(() => `${checkpoints(workspace)}` !== before);
      await new Promise((resolve) => setTimeout(resolve, after));
      child.kill("SIGKILL");
      const stderr = new TextDecoder().decode((await output).stderr);
      const [, from] = /resuming from step (\d+) of/.exec(stderr) ?? [];
      if (from !== undefined) steps.push(Number(from));
    }
    const ended = await workspace.run("train", often);
    assertEquals([ended.code, runOf(ended)], [0, undisturbed], ended.stderr);
    steps.push(Number(/resuming from step (\d+) of/.exec(ended.stderr)?.[1]));
    assert(steps.some((step) => step % 113 !== 0), `${steps}`);
    const { "config.json": __, ...found } = workspace.promised(undisturbed);
    assertEquals(found, expected);
    assertEquals(checkpoints(workspace).length, 1);
  }));

Deno.test("train ends with a message if a worker dies, and resumes from its checkpoint", () =>
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
        /^Cannot continue: worker 2 of 3 .* in step \d of program "[\w.]+".*: the same command resumes from step (\d+)\n$/;
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

Deno.test("train gives the same bytes without V8's flags: baseline code, narrow vectors, bounds checks", () =>
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

Deno.test("train keeps a second process out of a run folder, and admits it afterwards", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const run = runOf(await workspace.run("train", ["tiny.json", "--quiet"]));
    const name = basename(run);
    {
      using claim = await claimFolder(join(workspace.folder, run));
      assertEquals(await claim?.state(), "held");
      const before = workspace.promised(run);
      const second = await workspace.run("train", ["tiny.json", "--fresh"]);
      assertEquals(second, {
        code: 1,
        stdout: "",
        stderr: `Cannot open run folder "${run}": another process works on it\n`,
      });
      assertEquals(workspace.promised(run), before);
    }
    assertEquals((await workspace.run("train", ["tiny.json", "--fresh"])).code, 0);
    assertEquals(workspace.list("outputs").filter((path) => path.startsWith(`.${name}`)), []);
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
    assertStringIncludes(again.stderr, "already finished");
  }));

Deno.test("train rejects a damaged checkpoint or manifest, and states the next step", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const run = runOf(await workspace.run("train", ["tiny.json", "--quiet"]));
    const promised = workspace.promised(run);
    const advice = ": --fresh trains the run again\n";

    await workspace.write(`${run}/manifest.json`, "{");
    const spoilt = await workspace.run("train", ["tiny.json"]);
    assertEquals(spoilt, {
      code: 1,
      stdout: "",
      stderr:
        `Cannot read manifest "${run}/manifest.json": expected JSON: received 1 characters that ` +
        `are not${advice}`,
    });

    const manifest = { run: basename(run), format: 1, backend: "exact", versions: {}, machine: {} };
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

    assertEquals((await workspace.run("train", ["tiny.json", "--fresh"])).code, 0);
    assertEquals(workspace.promised(run), promised);
  }));

Deno.test("train names a damaged checkpoint, and resumes from the one before or starts again", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    for (const [option, before] of [["checkpoint.keep=2", 3], ["keepCheckpoints=1", 0]] as const) {
      const args = ["tiny.json", "--fresh", "--set", `train.${option}`];
      const run = runOf(await workspace.run("train", args));
      const promised = workspace.promised(run);
      const checkpoint = `${run}/checkpoints/step-0000000006.safetensors`;
      const bytes = await Deno.readFile(join(workspace.folder, checkpoint));
      bytes[bytes.length - 9] ^= 8; // a number of the state, still finite
      await workspace.write(checkpoint, bytes);
      await Deno.remove(join(workspace.folder, run, "manifest.json"));
      const { code, stderr } = await workspace.run(
        "train",
        args.filter((arg) => arg !== "--fresh"),
      );
      assertEquals(code, 0);
      const named =
        `Cannot read checkpoint "${checkpoint}": expected content with the SHA-256 [0-9a-f]{64}: ` +
        "received [0-9a-f]{64}: continuing without it\n";
      assert(new RegExp(`^${named}`).test(stderr), stderr);
      assertEquals(stderr.includes(`resuming from step ${before} of ${run}\n`), before > 0, stderr);
      assertEquals(workspace.promised(run), promised);
    }
  }));

Deno.test("train does not resume from a checkpoint that a finished run did not have", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const tiny = runOf(await workspace.run("train", ["tiny.json", "--quiet"]));
    const other = runOf(await workspace.run("train", ["tiny.json", "--set", "seed=2"]));
    const promised = workspace.promised(tiny);
    const name = "checkpoints/step-0000000006.safetensors";
    const foreign = await Deno.readFile(join(workspace.folder, other, name));
    for (const path of [name, "checkpoints/step-0000000005.safetensors"]) {
      await workspace.write(`${tiny}/${path}`, foreign); // whole, and with a right checksum
      if (path !== name) await Deno.remove(join(workspace.folder, tiny, name));
      const { code, stderr } = await workspace.run("train", ["tiny.json"]);
      assertEquals(code, 0);
      assertStringIncludes(
        stderr,
        `running again, since files of the finished run changed: ${name}\n`,
      );
      assertStringIncludes(
        stderr,
        `Cannot use checkpoint "${tiny}/${path}": expected it as the manifest has it: ` +
          "received another: continuing without it\n",
      );
      assertEquals(workspace.promised(tiny), promised);
    }
  }));

Deno.test("train starts again if the best checkpoint that it needs is damaged", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const rate = 'train.learningRate={"name":"constant","rate":30}'; // it learns nothing after the first epoch
    const args = ["tiny.json", "--set", rate, "--set", "train.best=validation.accuracy"];
    const run = runOf(await workspace.run("train", args));
    const promised = workspace.promised(run);
    await workspace.write(`${run}/checkpoints/best.safetensors`, "x");
    await Deno.remove(join(workspace.folder, run, "manifest.json"));
    const { code, stderr } = await workspace.run("train", args);
    assertEquals(code, 0);
    assertStringIncludes(stderr, `Cannot read checkpoint "${run}/checkpoints/best.safetensors": `);
    assertStringIncludes(stderr, "Cannot resume: expected the best checkpoint by ");
    assertEquals(stderr.includes("resuming from step"), false);
    assertEquals(workspace.promised(run), promised);
  }));

Deno.test("commands reject links below the folder of results, and do not touch their targets", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("victim/checkpoints/step-0000000009.safetensors", "kept");
    await workspace.write("victim/.old.tmp", "kept");
    const victim = join(workspace.folder, "victim");
    const before = workspace.list("victim");
    const run = runOf(await workspace.run("train", ["tiny.json", "--quiet"]));
    const promised = workspace.promised(run);
    const whole = join(workspace.folder, run);
    const refused = async (task: "train" | "report", args: readonly string[], path: string) => {
      const { code, stdout, stderr } = await workspace.run(task, args);
      const message = `Cannot write to "${path}": expected no symbolic links below the folder of ` +
        "results: received one: remove it\n";
      assertEquals([code, stdout, stderr], [1, "", message]);
      assertEquals(workspace.list("victim"), before);
    };
    for (const path of ["checkpoints", "charts", "log.jsonl", "charts/loss.svg"]) {
      await Deno.rename(join(whole, path), join(workspace.folder, "aside"));
      await Deno.symlink(victim, join(whole, path));
      await refused("train", ["tiny.json", "--fresh"], `${run}/${path}`);
      await refused("report", [run], `${run}/${path}`);
      await Deno.remove(join(whole, path));
      await Deno.rename(join(workspace.folder, "aside"), join(whole, path));
    }
    assertEquals(workspace.promised(run), promised);
    await Deno.remove(whole, { recursive: true });
    await Deno.symlink(victim, whole);
    await refused("train", ["tiny.json", "--fresh"], run);
    await refused("train", ["tiny.json"], run);
    const removed = await workspace.run("runs", ["remove", basename(run)]);
    assertEquals(removed.code, 1);
    assertEquals(workspace.list("victim"), before);
  }));

Deno.test("train reports that its folder was removed during the run, and the same command starts again", () =>
  inWorkspace(async (workspace) => {
    await withDigits(workspace);
    for (const removed of ["outputs", "run"]) {
      await Deno.mkdir(join(workspace.folder, "outputs"), { recursive: true });
      await using child = workspace.start("train", ARGS);
      const output = child.output();
      await until(() => checkpoints(workspace).length > 0);
      const [run] = Array.from(Deno.readDirSync(join(workspace.folder, "outputs")))
        .filter(({ isDirectory }) => isDirectory).map(({ name }) => `outputs/${name}`);
      const path = removed === "run" ? `${run}` : removed;
      // a file that is written meanwhile may be in the way
      await until(() => {
        try {
          Deno.removeSync(join(workspace.folder, path), { recursive: true });
          return true;
        } catch {
          return false;
        }
      });
      const { code, stdout, stderr } = await output;
      assertEquals([code, stdout.length], [1, 0]);
      const message = `Cannot write run folder "${run}": it was removed during the run: ` +
        "run the same command to start again\n";
      assert(new TextDecoder().decode(stderr).endsWith(message), new TextDecoder().decode(stderr));
      assertEquals(workspace.list().filter((path) => path.startsWith("outputs/")), []);
    }
  }));

Deno.test("train continues if its output is full, and loses only lines of progress", async () => {
  if (Deno.build.os !== "linux") return;
  await inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const run = runOf(await workspace.run("train", ["tiny.json", "--quiet"]));
    const promised = workspace.promised(run);
    const shell = async (redirection: string, args: readonly string[]) => {
      const { code, stdout, stderr } = await new Deno.Command("sh", {
        args: ["-c", `exec "$@" ${redirection}`, "sh", ...workspace.command("train", args)],
        cwd: workspace.folder,
        env: { [INIT_CWD_VARIABLE]: workspace.folder }, // the task of the tests sets it to the project's
      }).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, stdout: text(stdout), stderr: text(stderr) };
    };
    const silent = await shell("2>/dev/full", ["tiny.json", "--fresh"]);
    assertEquals(silent, { code: 0, stdout: `${run}\n`, stderr: "" });
    assertEquals(workspace.promised(run), promised);
    assertEquals(await shell(">/dev/full", ["tiny.json", "--quiet"]), {
      code: 1,
      stdout: "",
      stderr: "Cannot write to the standard output: no space is left on the disk\n",
    });
  });
});

Deno.test("train restores changed files of a finished run, and reports them", () =>
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
      "running again, since files of the finished run changed: model.safetensors, report.svg\n",
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
    assert(second.stderr.endsWith(`\nresuming from step 1 of ${run}\n${message}`), second.stderr);
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

Deno.test("train reports a full or read-only disk, and leaves nothing half-written", () =>
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
      assertEquals(left.filter((path) => /manifest|\.tmp$|\.claim/.test(path)), []);
      assert(left.some((path) => path.endsWith("metrics.jsonl")), `${left}`);
    });
    await withMount(outputs, "ro", async () => {
      const { code, stdout, stderr } = await workspace.run("train", ["tiny.json"]);
      assertEquals([code, stdout], [1, ""]);
      assert(/^Cannot make run folder ".*": the disk may only be read\n$/.test(stderr), stderr);
    });
    assertEquals((await workspace.run("train", ["tiny.json"])).code, 0);
  }));

Deno.test("train rejects a file in place of the output folder", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("outputs/taken", "a file");
    const { code, stderr } = await workspace.run("train", ["tiny.json", "--output=outputs/taken"]);
    assertEquals(code, 1);
    const message =
      /^Cannot read manifest "outputs\/taken\/tiny-.*": a part of its path is a file, /;
    assert(message.test(stderr), stderr);
  }));
