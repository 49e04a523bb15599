/** The commands that measure: what they leave, and how they refuse. */
import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { assertGoodSvg } from "../plot/support/checks.ts";
import { inWorkspace, runOf, type Workspace, writeTiny } from "./workspace.ts";

async function read({ folder }: Workspace, path: string): Promise<string> {
  return await Deno.readTextFile(join(folder, path));
}

Deno.test("profile writes tables, data, a drawing and a trace, by one worker and by several", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const args = ["tiny.json", "--seconds", "0.1", "--threads", "2"];
    const ended = await workspace.run("profile", args);
    assertEquals([ended.code, ended.stderr], [0, ""]);
    assertMatch(runOf(ended), /^outputs\/tiny-profile-[0-9a-f]{10}$/);
    for (const line of ended.stdout.split("\n")) assert(line.length <= 100, line);
    assertMatch(ended.stdout, /^1 worker: /m);
    assertMatch(ended.stdout, /^2 workers: /m);
    assertMatch(ended.stdout, /^waiting {2,}for other workers /m);

    const folder = runOf(ended);
    assertEquals(workspace.list(folder), ["profile.json", "profile.svg", "trace.json"]);
    const { profiles } = JSON.parse(await read(workspace, `${folder}/profile.json`));
    for (const { operations, ceilings, step } of profiles) {
      assertGreater(step.median, 0);
      assertGreater(ceilings.compute, 1);
      const shares = operations.map(({ share }: { readonly share: number }) => share);
      assert(Math.abs(shares.reduce((sum: number, share: number) => sum + share) - 1) < 1e-9);
    }
    // 16 samples of 14 features, most of them not zero, to 6 units: what is not zero was counted
    const [product] = profiles[0].operations.filter((
      { pass, layer, operation }: Readonly<Record<string, string>>,
    ) => pass === "forward" && layer === "dense1" && operation?.startsWith("matmul"));
    assertGreater(product.flops, 0);
    assert(product.flops <= 2 * 16 * 14 * 6);
    assertGoodSvg(await read(workspace, `${folder}/profile.svg`));
    const { traceEvents } = JSON.parse(await read(workspace, `${folder}/trace.json`));
    assertGreater(traceEvents.length, 100);

    const { stdout } = await workspace.run("check", ["tiny.json"]);
    assertMatch(
      stdout,
      new RegExp(`^time +about .* of steps, by the rate of ${folder.slice(8)}$`, "m"),
    );
  }));

/** Wrong arguments, and what is said of them. */
const WRONG = {
  profile: {
    "": "expected one config: received 0",
    "a.json b.json": "expected one config: received 2",
    "tiny.json --seconds 0": 'expected 0.1 to 600 after --seconds: received "0"',
    "tiny.json --seconds many": 'expected 0.1 to 600 after --seconds: received "many"',
    "tiny.json --threads 0": 'expected 1 to 256 after --threads: received "0"',
    "tiny.json --output /tmp":
      'expected an --output in outputs/, the only folder that this program may write to: received "/tmp"',
    "--sett 3":
      'expected one of --png, --data-dir, --threads, --seconds, --output, --set, --help: received "--sett": did you mean "--set"?',
  },
  bench: {
    "S": 'expected options alone: received "S"',
    "--only kernels,step":
      'expected groups out of kernels, steps, augmented, checkpoints, runs: received "step"',
    "--workload XL": 'expected networks out of S, M, L: received "XL"',
    "--backend cuda": 'expected "exact" or "blas" after --backend: received "cuda"',
    "--rounds 0": 'expected 1 to 100 after --rounds: received "0"',
    "--json /tmp/a.json":
      'expected a file like outputs/benchmarks/NAME.json after --json: received "/tmp/a.json"',
    "--json outputs/a.txt":
      'expected a file like outputs/benchmarks/NAME.json after --json: received "outputs/a.txt"',
  },
} as const;

for (const task of ["profile", "bench"] as const) {
  Deno.test(`${task} rejects wrong arguments, and writes nothing`, () =>
    inWorkspace(async (workspace) => {
      for (const [words, message] of Object.entries(WRONG[task])) {
        const args = words.split(" ").filter((word) => word !== "");
        // where a command may write is known by the permissions of its task
        const run = /--(output|json)/.test(words) ? workspace.runAlone : workspace.run;
        const stderr =
          `Cannot run "deno task ${task}": ${message}\nSee "deno task ${task} --help"\n`;
        assertEquals(await run(task, args), { code: 2, stdout: "", stderr }, words);
      }
      assertEquals(workspace.list(), []);
    }));
}

Deno.test("bench reports a folder without peers", () =>
  inWorkspace(async (workspace) => {
    await Deno.mkdir(join(workspace.folder, "empty"));
    const ended = await workspace.run("bench", ["--only", "steps", "--peers", "empty"]);
    assertEquals(ended.code, 1);
    assertEquals(
      ended.stderr,
      'Cannot find peers in "empty": expected peer_numpy.py or its like\n',
    );
  }));
