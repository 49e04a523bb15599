/**
 * Proof that a sweep can be divided: GNU parallel and Slurm train its shards, processes are killed by SIGKILL
 * at random moments, and the commands that failed are started again until all have ended well. Then every run
 * must be finished, by one process at a time, with the bytes of an undisturbed sweep.
 *
 * @module
 */
import { join } from "@std/path";
import { FILES } from "../../../lib/run/folder.ts";
import { installAnn } from "../../pipelines/installed.ts";
import { inWorkspace, TINY, type Workspace } from "../../pipelines/workspace.ts";
import { tinyData } from "../../pipelines/tiny.ts";
import { hashesOf, isLeftOver } from "../left.ts";
import { MissingError, output, start } from "../process.ts";
import type { Outcome, Proof, ProofOptions, Row } from "../proof.ts";
import { randomNumbers } from "../random.ts";
import { ARGS, type Engine, gnuParallel, type Started, withSlurm, type Work } from "./engines.ts";
import { type LogLine, trainedTwice, turnsOf } from "./trained_once.ts";

const [load, split, normalize, train, evaluate] = TINY.pipeline;

/** Returns a config of a sweep. 200 epochs of a run take about as long as starting a process, half a second. */
function sweepOf({ runs, epochs }: Size) {
  return {
    ...TINY,
    name: "grid",
    pipeline: [load, split, normalize, { ...train, epochs }, evaluate],
    sweep: {
      "train.optimizer.name": ["sgd", "momentum"],
      "train.batchSize": [8, 16],
      seed: Array.from({ length: runs / 4 }, (_, index) => index + 1),
    },
  };
}

/** Size of a sweep: its number of runs, and epochs of each. */
interface Size {
  readonly runs: number;
  readonly epochs: number;
}

/** Runs of the sweep. */
const RUNS = 24;

/** Epochs of each run: training takes longer than starting a process, so that most kills hit it. */
const EPOCHS = 500;

/** Numbers of shards into which each engine divides the sweep; undefined stands for `--list`. */
const WAYS = {
  parallel: [1, 2, 3, undefined],
  slurm: [1, 2, 3, RUNS],
} as const;

/** Kills of each engine and way: 200 in all. */
const KILLS = 25;

/** Size of the sweep, ways and kills of a sample. */
const SAMPLE = { runs: 8, epochs: 200, ways: [3], kills: 3 } as const;

/** Longest time between two kills, in runs of the undisturbed sweep: many processes get to train. */
const LONGEST = 3;

/** Probability that a kill hits the engine's own process, if it has one, rather than one that trains. */
const DRIVER = 0.25;

/** Environment variable by which the processes of a series are found. */
const MARK = "ANN_PROOF";

/** Outcome of training the sweep once. */
interface Series {
  readonly kills: number;
  /** Times that a process continued a run after another one had been killed. */
  readonly continued: number;
  readonly lost: number;
  readonly twice: number;
  readonly others: number;
  readonly failures: readonly string[];
}

/** Settings that all series share. */
interface Setting {
  /** Size of the sweep. */
  readonly size: Size;
  /** Environment variables with which `ann` is found and runs. */
  readonly env: Readonly<Record<string, string>>;
  /** Hashes of the files of an undisturbed sweep. */
  readonly expected: Readonly<Record<string, string>>;
  /** Longest time between two kills [ms]. */
  readonly longest: number;
  readonly random: () => number;
}

async function writeSweep({ folder, write }: Workspace, size: Size): Promise<void> {
  await write("grid.json", sweepOf(size));
  for (const [path, bytes] of Object.entries(tinyData())) await write(path, bytes);
  await Deno.mkdir(join(folder, "outputs"));
}

/** Returns the files of all results, by path. */
function results({ folder, list }: Workspace): ReadonlyMap<string, Uint8Array> {
  return new Map(
    list("outputs").map((path) => [path, Deno.readFileSync(join(folder, "outputs", path))]),
  );
}

/** Trains the sweep in one process. Returns the hashes of its files, and the time between kills. */
async function undisturbed(
  { env, size }: Pick<Setting, "env" | "size">,
): Promise<Pick<Setting, "expected" | "longest">> {
  let [expected, time] = [{}, 0];
  await inWorkspace(async (workspace) => {
    await writeSweep(workspace, size);
    const begun = performance.now();
    await output("ann", ["sweep", ...ARGS], { folder: workspace.folder, env });
    time = performance.now() - begun;
    expected = hashesOf(results(workspace));
  });
  return { expected, longest: LONGEST * time / size.runs };
}

/** Returns the processes whose environment has the mark, or only those of a program. */
function processes(mark: string, name?: string): readonly number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) => {
    if (!Number.isInteger(pid)) return false;
    try {
      const read = (file: string) => Deno.readTextFileSync(`/proc/${pid}/${file}`);
      return read("environ").includes(`${MARK}=${mark}\0`) &&
        (name === undefined || read("comm") === `${name}\n`);
    } catch {
      return false; // it has just ended, or belongs to another user
    }
  });
}

/** Kills a process. Returns false if it has just ended by itself. */
function kill(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

/**
 * Kills processes of a started sweep at random moments until it ends.
 *
 * @param kills receives the time of each kill [ms since 1970] by process
 * @param most largest number of kills in `kills`
 */
async function killAtRandom(
  { driver, ended }: Started,
  mark: string,
  { kills, most, longest, random }: Pick<Setting, "longest" | "random"> & {
    readonly kills: Map<number, number>;
    readonly most: number;
  },
): Promise<void> {
  let hasEnded = false;
  const end = ended.then(() => hasEnded = true);
  while (kills.size < most) {
    const pause = new Promise((resolve) => setTimeout(resolve, longest * random()));
    await Promise.race([pause, end]);
    if (hasEnded) return;
    const own = processes(mark, "deno"); // those that train
    const isDriver = driver !== undefined && random() < DRIVER;
    const pid = isDriver ? driver.pid : own[Math.floor(own.length * random())];
    if (pid === undefined || kills.has(pid)) continue;
    const time = Date.now();
    if (kill(pid)) kills.set(pid, time);
  }
}

/** Trains the sweep once, with at most so many kills, and checks what it leaves. */
async function trainKilled(
  workspace: Workspace,
  engine: Engine,
  shards: number | undefined,
  most: number,
  setting: Setting,
): Promise<Series> {
  const { size, expected } = setting;
  const { runs } = size;
  await writeSweep(workspace, size);
  const mark = crypto.randomUUID();
  const env = { ...setting.env, [MARK]: mark };
  const { folder } = workspace;
  const work: Work = { folder, env, shards };
  using ending = new DisposableStack();
  ending.defer(() => processes(mark).forEach(kill)); // GNU parallel leaves some when it is killed
  const kills = new Map<number, number>();
  for (let isDone = false; !isDone;) {
    const started = await engine.start(work);
    await killAtRandom(started, mark, { ...setting, kills, most });
    isDone = await started.ended;
  }
  const failures: string[] = [];
  const finished = workspace.list("outputs").filter((path) => path.endsWith(`/${FILES.manifest}`));
  if (finished.length < runs) failures.push(`${runs - finished.length} runs are lost`);
  const gathered = await start("ann", ["sweep", ...ARGS], { folder, env }).output();
  const stderr = new TextDecoder().decode(gathered.stderr);
  const found = stderr.match(/: already finished: /g)?.length ?? 0;
  if (!gathered.success || found < runs) failures.push(`gathering failed: ${stderr}`);
  const files = results(workspace);
  let [twice, continued] = [0, 0];
  for (const [path, bytes] of files) {
    if (!path.endsWith(`/${FILES.log}`)) continue;
    const text = new TextDecoder().decode(bytes).trimEnd();
    const lines: LogLine[] = text.split("\n").map((line) => JSON.parse(line));
    continued += turnsOf(lines).length - 1;
    const reason = trainedTwice(lines, kills);
    if (reason === undefined) continue;
    twice++;
    failures.push(`${path}: ${reason}:\n${text}`);
  }
  const hashes = hashesOf(files);
  const others = Object.keys({ ...expected, ...hashes }).filter((path) =>
    expected[path] !== hashes[path]
  );
  failures.push(...others.map((path) => `"${path}" is another in the end`));
  const left = [...files.keys()].filter(isLeftOver);
  failures.push(...left.map((path) => `"${path}" is left`));
  return {
    kills: kills.size,
    continued,
    lost: runs - finished.length,
    twice,
    others: others.length,
    failures,
  };
}

/** Trains the sweep in all ways of an engine. */
async function proveEngine(
  engine: Engine,
  ways: readonly (number | undefined)[],
  setting: Setting,
  { sample, log }: ProofOptions,
): Promise<Outcome> {
  const wanted = sample ? SAMPLE.kills : KILLS;
  const [rows, failures]: [Row[], string[]] = [[], []];
  for (const shards of sample ? SAMPLE.ways : ways) {
    const sum = { runs: 0, kills: 0, continued: 0, lost: 0, twice: 0, others: 0 };
    const way = shards === undefined ? "`--list`" : `\`--shard I/${shards}\``;
    while (sum.kills < wanted) {
      await inWorkspace(async (workspace) => {
        const most = wanted - sum.kills;
        const series = await trainKilled(workspace, engine, shards, most, setting);
        sum.runs += setting.size.runs;
        sum.kills += series.kills;
        sum.continued += series.continued;
        sum.lost += series.lost;
        sum.twice += series.twice;
        sum.others += series.others;
        failures.push(...series.failures.map((text) => `${engine.name}, ${way}: ${text}`));
        log(`${engine.name}, ${way}: ${sum.kills} kills, ${series.failures.length} failures`);
      });
    }
    rows.push([engine.name, way, ...Object.values(sum)]);
  }
  return { rows, failures };
}

/** The proof. */
export const proof: Proof = {
  name: "shards",
  about: "Divides a sweep by GNU parallel and Slurm, and kills its processes",
  needsPackages: true,
  columns: [
    "Engine",
    "Divided by",
    "Runs",
    "Kills",
    "Continued by another process",
    "Lost",
    "Trained twice or at once",
    "Other bytes in the end",
  ],
  async run(options: ProofOptions): Promise<Outcome> {
    const outcomes: Outcome[] = [];
    const folder = await Deno.makeTempDir({ prefix: "ann-mlp-" });
    const tryEngine = async (use: () => Promise<void>) => {
      try {
        await use();
      } catch (error) {
        if (!(error instanceof MissingError && options.sample)) throw error;
        options.log(`${error.message}: an engine is left out`);
      }
    };
    try {
      const { program, env: own } = await installAnn(folder);
      const env = { ...own, PATH: `${join(program, "..")}:${Deno.env.get("PATH")}`, NO_COLOR: "1" };
      const size = options.sample ? SAMPLE : { runs: RUNS, epochs: EPOCHS };
      const shared = { env, size };
      const random = randomNumbers(options.seed);
      const setting: Setting = { ...shared, ...await undisturbed(shared), random };
      const prove = async (engine: Engine, ways: readonly (number | undefined)[]) =>
        void outcomes.push(await proveEngine(engine, ways, setting, options));
      await tryEngine(async () => prove(await gnuParallel(), WAYS.parallel));
      await tryEngine(() => withSlurm((engine) => prove(engine, WAYS.slurm)));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    return {
      rows: outcomes.flatMap(({ rows }) => rows),
      failures: outcomes.flatMap(({ failures }) => failures),
    };
  },
};
