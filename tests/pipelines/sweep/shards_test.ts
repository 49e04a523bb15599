/** Sweeps that several processes train together: `--list`, `--shard`, and two sweeps at once. */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { basename, join } from "@std/path";
import { claimFolder } from "../../../lib/io/results/claim.ts";
import { FILES } from "../../../lib/run/folder.ts";
import { TASK_STARTUP } from "../../../pipelines/cli/startup.ts";
import { UsageError } from "../../../pipelines/cli/options.ts";
import { shardCommands } from "../../../pipelines/sweep/list.ts";
import { type Ended, inWorkspace, runOf, TINY, type Workspace, writeTiny } from "../workspace.ts";

const SEEDS = [1, 2, 3, 4, 5];

/** Writes a sweep of five runs. */
async function writeSweep(workspace: Workspace): Promise<void> {
  await writeTiny(workspace);
  const pipeline = TINY.pipeline.filter(({ stage }) => stage !== "report");
  await workspace.write("seeds.json", { ...TINY, pipeline, sweep: { seed: SEEDS } });
}

/** Returns the messages of a run's log. */
function logged({ folder }: Workspace, run: string): readonly string[] {
  const lines = Deno.readTextFileSync(join(folder, run, FILES.log)).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line).message);
}

/** Returns the run folders of a sweep. */
function runFolders({ list }: Workspace): readonly string[] {
  return list().flatMap((path) => /^(outputs\/tiny-\w{10})\/config/.exec(path)?.[1] ?? []);
}

/** Starts a sweep in a process of its own. */
function startSweep(workspace: Workspace, args: readonly string[]) {
  const child = workspace.start("sweep", args);
  let stderr = "";
  let onText = () => {};
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      stderr += text;
      onText();
    }
    onText();
  })();
  return {
    /** Waits until the process has printed a text to stderr. */
    async printed(text: string): Promise<void> {
      const ended = reading.then(() => assertStringIncludes(stderr, text));
      const found = new Promise<void>((resolve) => {
        onText = () => stderr.includes(text) && resolve();
        onText();
      });
      await Promise.race([found, ended]);
    },
    async ended(): Promise<Ended> {
      const stdout = await new Response(child.stdout).text();
      await reading;
      return { code: (await child.status).code, stdout, stderr };
    },
  };
}

Deno.test("sweep --shard trains every n-th combination, and the whole sweep then only collects results", () =>
  inWorkspace(async (workspace) => {
    await writeSweep(workspace);
    const folders: string[] = [];
    for (const [shard, seeds] of [["1/3", [1, 4]], ["2/3", [2, 5]], ["3/3", [3]]] as const) {
      const { code, stdout, stderr } = await workspace.run("sweep", [
        "seeds.json",
        "--shard",
        shard,
      ]);
      assertEquals(code, 0, stderr);
      const lines = stderr.trimEnd().split("\n");
      assertEquals(
        lines.map((line) => line.split(":")[0]),
        seeds.map((seed, index) => `${index + 1}/${seeds.length}  seed ${seed}`),
      );
      const printed = stdout.trimEnd().split("\n");
      assertEquals(printed.length, seeds.length);
      folders.push(...printed);
    }
    assertEquals(folders.toSorted(), runFolders(workspace));
    assertEquals(workspace.list("outputs").filter((path) => path.includes("-sweep-")), []);

    const gathered = await workspace.run("sweep", ["seeds.json"]);
    assertEquals(gathered.code, 0, gathered.stderr);
    assertEquals(gathered.stderr.match(/: already finished: /g)?.length, SEEDS.length);
    for (const run of folders) {
      const finished = logged(workspace, run).filter((message) => message === "run finished");
      assertEquals(finished.length, 1, run);
    }
  }));

Deno.test("sweep --shard has nothing to do if there are more shards than combinations", () =>
  inWorkspace(async (workspace) => {
    await writeSweep(workspace);
    const ended = await workspace.run("sweep", ["seeds.json", "--shard", "6/6"]);
    assertEquals(ended, { code: 0, stdout: "", stderr: "" });
    assertEquals(runFolders(workspace), []);
  }));

Deno.test("sweep rejects shards that do not exist", () =>
  inWorkspace(async (workspace) => {
    await writeSweep(workspace);
    for (const shard of ["4/3", "0/2", "a/b", "1", "1/2/3", "1/0", "-1/2", "1.5/2"]) {
      const { code, stdout, stderr } = await workspace.run("sweep", [
        "seeds.json",
        `--shard=${shard}`,
      ]);
      assertEquals([code, stdout], [2, ""], shard);
      assertStringIncludes(
        stderr,
        `expected I/N with 1 <= I <= N after --shard: received "${shard}"\n`,
      );
    }
    const both = await workspace.run("sweep", ["seeds.json", "--list", "--shard", "1/2"]);
    assertEquals([both.code, both.stdout], [2, ""]);
    assertStringIncludes(both.stderr, "expected --list or --shard, not both\n");
    assertEquals(runFolders(workspace), []);
  }));

Deno.test("sweep --list prints a command for each combination, and trains nothing", () =>
  inWorkspace(async (workspace) => {
    await writeSweep(workspace);
    const args = ["seeds.json", "--set", "train.epochs=1", "--list", "--threads", "1"];
    const { code, stdout, stderr } = await workspace.run("sweep", args);
    assertEquals([code, stderr], [0, ""]);
    const folder = await Deno.realPath(workspace.folder);
    assertEquals(
      stdout.trimEnd().split("\n"),
      SEEDS.map((seed) =>
        `cd ${folder} && deno task sweep --shard ${seed}/5 seeds.json --set train.epochs=1 --threads 1`
      ),
    );
    assertEquals(runFolders(workspace), []);
    const wrong = await workspace.run("sweep", ["seeds.json", "--list", "--set", "train.epochs=x"]);
    assertEquals([wrong.code, wrong.stdout], [2, ""]);
  }));

/** A program in place of Deno that prints its folder and its arguments, each on a line. */
const PROGRAM = '#!/bin/sh\nprintf "%s\\n" "$PWD" "$@" end\n';

Deno.test("shardCommands() quotes for shells, and its commands work in any folder, also with xargs", () =>
  inWorkspace(async ({ folder, write }) => {
    const bin = join(folder, "bin");
    await write("bin/deno", PROGRAM);
    await Deno.chmod(join(bin, "deno"), 0o755);
    const work = join(await Deno.realPath(folder), 'it\'s $HOME; "here" \\ {}');
    await Deno.mkdir(work);
    const typed = ["--set", 'name="it\'s {} a\\tname"', "a config.json", "--list", "~", ""];
    const lines = shardCommands(2, { args: typed, startup: TASK_STARTUP }, work);
    const expected = [1, 2].flatMap((number) => [
      ...[work, "task", "sweep", "--shard", `${number}/2`],
      ...typed.filter((text) => text !== "--list"),
      "end",
    ]);
    for (const [program, ...args] of [["sh"], ["xargs", "-d", "\\n", "-n", "1", "sh", "-c"]]) {
      const child = new Deno.Command(program as string, {
        args,
        cwd: "/",
        env: { PATH: `${bin}:${Deno.env.get("PATH")}` },
        stdin: "piped",
        stdout: "piped",
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")));
      await writer.close();
      const { stdout } = await child.output();
      assertEquals(new TextDecoder().decode(stdout), `${expected.join("\n")}\n`, program);
    }
    assertThrows(
      () => shardCommands(2, { args: ["a\nb.json"], startup: TASK_STARTUP }, work),
      UsageError,
      'expected arguments without line breaks beside --list: received "a\\nb.json"',
    );
  }));

Deno.test("sweep waits for a run that another process holds, after all others, and then trains it", () =>
  inWorkspace(async (workspace) => {
    await writeSweep(workspace);
    const held = runOf(await workspace.run("sweep", ["seeds.json", "--shard", "1/5"]));
    await Deno.remove(join(workspace.folder, held), { recursive: true });
    const claim = await claimFolder(join(workspace.folder, held));
    assert(claim !== undefined);
    const sweep = startSweep(workspace, ["seeds.json", "--threads", "1"]);
    await sweep.printed("\n4/5  ");
    claim[Symbol.dispose]();
    const { code, stdout, stderr } = await sweep.ended();
    assertEquals(code, 0, stderr);
    const lines = stderr.trimEnd().split("\n");
    assertEquals(
      lines[0],
      "seed 1: another process trains this run: waiting for it once the other runs are done",
    );
    assertEquals(lines.length, 6, stderr);
    assertStringIncludes(lines.at(-1) ?? "", "5/5  seed 1: ");
    assertStringIncludes(lines.at(-1) ?? "", basename(held));
    assertEquals(stdout.match(/tiny-\w{10}$/gm)?.length, SEEDS.length);
  }));

Deno.test("two sweeps at once train each run once, and both end well with the same tables", () =>
  inWorkspace(async (workspace) => {
    await writeSweep(workspace);
    await Deno.mkdir(join(workspace.folder, "outputs"));
    const args = ["seeds.json", "--threads", "1", "--set", "train.epochs=10"];
    const both = await Promise.all([1, 2].map(() => startSweep(workspace, args).ended()));
    for (const { code, stderr } of both) assertEquals(code, 0, stderr);
    assert(both.every(({ stderr }) => !stderr.includes("failed")), JSON.stringify(both));
    assertEquals(both[0]?.stdout, both[1]?.stdout);
    assertEquals(runFolders(workspace).length, SEEDS.length);
    for (const run of runFolders(workspace)) {
      const messages = logged(workspace, run);
      assertEquals(messages.filter((message) => message === "run started").length, 1, run);
      assertEquals(messages.at(-1), "run finished");
    }
    const left = workspace.list("outputs").filter((path) => /\.tmp$|\.claim-/.test(path));
    assertEquals(left, []);
  }));

Deno.test("a run that another process finishes before this one claims its folder is not trained again", () =>
  inWorkspace(async (workspace) => {
    await writeSweep(workspace);
    const args = ["seeds.json", "--shard", "1/5"];
    const run = runOf(await workspace.run("sweep", args));
    const manifest = join(workspace.folder, run, FILES.manifest);
    const content = await Deno.readTextFile(manifest);
    await Deno.remove(manifest);
    const claim = `outputs/.${basename(run)}.claim-1`;
    await workspace.write(claim, { token: "a", host: "another", beat: "1" });
    const sweep = startSweep(workspace, args);
    await sweep.printed("is claimed by another process");
    await Deno.writeTextFile(manifest, content);
    await Deno.remove(join(workspace.folder, claim));
    const { code, stderr } = await sweep.ended();
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, ": already finished: ");
    assertEquals(logged(workspace, run).filter((message) => message === "run started").length, 1);
  }));
