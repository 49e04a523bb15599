/**
 * Proof that training by ranks has the bytes of training by one process: for any number of ranks and workers,
 * by Open MPI and by MPICH, on several hosts, and after ranks are killed or a host's link is cut.
 *
 * @module
 */
import { join } from "@std/path";
import { sha256 } from "../../../lib/data/sha256.ts";
import { INIT_CWD_VARIABLE } from "../../../pipelines/cli/startup.ts";
import { inWorkspace, TINY, type Workspace } from "../../pipelines/workspace.ts";
import { tinyData } from "../../pipelines/tiny.ts";
import { MissingError, start } from "../process.ts";
import type { Outcome, Proof, ProofOptions, Row } from "../proof.ts";
import { randomNumbers } from "../random.ts";
import { type Hosts, withHosts } from "./hosts.ts";
import { type Launcher, mpich, openMpi } from "./launchers.ts";

const [load, split, normalize, train, evaluate, report] = TINY.pipeline;

/** A run of some seconds, with layers that have statistics and random numbers. */
const CONFIG = {
  ...TINY,
  pipeline: [
    load,
    split,
    normalize,
    {
      ...train,
      layers: [
        { name: "dense", units: 40 },
        { name: "batchNorm" },
        { name: "relu" },
        { name: "dropout", rate: 0.2 },
        { name: "dense", units: 3 },
      ],
      shards: 8,
      epochs: 120,
    },
    evaluate,
    report,
  ],
};

/** Hash of the promised files of the run, by their names and hashes. */
const GOLDEN = "690b2bbf855e798e8e9d45089da826eeed7cdca3d44d6f06c62d18d4fa30eb78";

/** Numbers of ranks and workers. */
const COUNTS = { ranks: [1, 2, 3, 4], workers: [1, 2] } as const;

/** Kills by each library. */
const KILLS = 10;

/** Counts of a sample. */
const SAMPLE = { ranks: [2], workers: [1], kills: 1 } as const;

/** Hosts, each with one rank. */
const HOSTS = 3;

/** Time within which all ranks must have ended after a kill or a cut [s]. */
const LONGEST = 30;

/** Deadline of the ranks [s]: before that time, and after Open MPI itself has noticed a lost host. */
const PATIENCE = 20;

/** Environment variable by which the processes of a training are found. */
const MARK = "ANN_PROOF";

/** A training by ranks that has been started. */
interface Training {
  readonly mark: string;
  /** Resolves once the launcher has ended: to its code. */
  readonly ended: Promise<number>;
  /** Returns the text that was printed so far. */
  printed(): string;
}

async function prepare({ folder, write }: Workspace): Promise<void> {
  await write("tiny.json", CONFIG);
  for (const [path, bytes] of Object.entries(tinyData())) await write(path, bytes);
  await Deno.mkdir(join(folder, "outputs"));
}

/** Returns the hash of the promised files of the one run in a workspace. */
function hashOf({ list, promised }: Workspace): string {
  const [run = ""] = list("outputs").map((path) => path.split("/")[0]);
  return sha256(new TextEncoder().encode(JSON.stringify(promised(`outputs/${run}`))));
}

/** Trains by one process; returns the hash of the promised files. */
async function expectedHash(): Promise<string> {
  let hash = "";
  await inWorkspace(async (workspace) => {
    await prepare(workspace);
    const { code, stderr } = await workspace.runAlone("train", ["tiny.json", "--threads", "1"]);
    if (code !== 0) throw new Error(`training without ranks ended with ${code}: ${stderr}`);
    hash = hashOf(workspace);
  });
  return hash;
}

function startRanks(
  { folder, command }: Workspace,
  launcher: Launcher,
  { ranks, workers, hosts }: {
    readonly ranks: number;
    readonly workers: number;
    readonly hosts?: Hosts | undefined;
  },
): Training {
  const mark = crypto.randomUUID();
  const own = ["tiny.json", "--threads", `${workers}`, "--mpi-timeout", `${PATIENCE}`, "--quiet"];
  const all = [
    launcher.program,
    ...launcher.args(ranks, hosts),
    ...command("train:mpi", own),
  ];
  const [program, ...args] = hosts === undefined ? all : hosts.onFirst(all);
  const env = { ...launcher.env, [INIT_CWD_VARIABLE]: folder, [MARK]: mark };
  const child = start(program, args, { folder, env });
  let text = "";
  const read = Promise.all(
    [child.stdout, child.stderr].map((stream) =>
      stream.pipeThrough(new TextDecoderStream()).pipeTo(
        new WritableStream({ write: (chunk) => void (text += chunk) }),
      )
    ),
  );
  const ended = child.status.then(async ({ code }) => {
    await Promise.race([read, pause(1000)]); // daemons on a lost host keep the streams open
    return code;
  });
  return { mark, ended, printed: () => text };
}

/** Returns the processes of ranks whose environment has the mark. */
function ranksOf(mark: string): readonly number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) => {
    if (!Number.isInteger(pid)) return false;
    try {
      if (Deno.readTextFileSync(`/proc/${pid}/comm`) !== "deno\n") return false;
      const variables = Deno.readTextFileSync(`/proc/${pid}/environ`);
      return variables.includes(`${MARK}=${mark}\0`) && /\bPMI(X)?_RANK=/.test(variables);
    } catch {
      return false; // it has just ended
    }
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits until launcher and ranks have ended; returns the seconds that it took. */
async function timeToEnd({ ended, mark }: Training): Promise<number> {
  const begun = performance.now();
  await Promise.race([ended, pause(1000 * LONGEST * 2)]);
  while (ranksOf(mark).length > 0 && performance.now() - begun < 1000 * LONGEST * 2) {
    await pause(50);
  }
  return (performance.now() - begun) / 1000;
}

/** Trains once for each number of ranks and workers. */
async function proveCounts(
  launcher: Launcher,
  expected: string,
  { sample, log }: ProofOptions,
): Promise<Outcome> {
  const { ranks, workers } = sample ? SAMPLE : COUNTS;
  const failures: string[] = [];
  for (const count of ranks) {
    for (const each of workers) {
      await inWorkspace(async (workspace) => {
        await prepare(workspace);
        const training = startRanks(workspace, launcher, { ranks: count, workers: each });
        const code = await training.ended;
        const name = `${launcher.name}, ${count} ranks × ${each} workers`;
        if (code !== 0) failures.push(`${name}: ended with ${code}: ${training.printed()}`);
        else if (hashOf(workspace) !== expected) failures.push(`${name}: other bytes`);
        log(`${name}: ${failures.at(-1)?.startsWith(name) ? failures.at(-1) : "equal"}`);
      });
    }
  }
  const trainings = ranks.length * workers.length;
  const numbers = `${ranks.join(", ")} × ${workers.join(", ")}`;
  return { rows: [[launcher.name, numbers, trainings, 0, 0, failures.length]], failures };
}

/** Kills ranks at random moments, and resumes by another number of them. */
async function proveKills(
  launcher: Launcher,
  expected: string,
  { sample, log, seed }: ProofOptions,
): Promise<Outcome> {
  const random = randomNumbers(seed);
  const wanted = sample ? SAMPLE.kills : KILLS;
  const failures: string[] = [];
  const said = (text: string) => void failures.push(`${launcher.name}, kills: ${text}`);
  let [kills, trainings, others, inTime] = [0, 0, 0, 0];
  while (kills < wanted) {
    trainings++;
    await inWorkspace(async (workspace) => {
      await prepare(workspace);
      for (let ranks = 2;; ranks = ranks % 4 + 1) {
        const training = startRanks(workspace, launcher, { ranks, workers: 1 });
        if (kills < wanted) {
          while (ranksOf(training.mark).length < ranks) await pause(20);
          await Promise.race([training.ended, pause(300 + 2500 * random())]);
        }
        const own = ranksOf(training.mark);
        const victim = own[Math.floor(random() * own.length)];
        const isKilled = kills < wanted && victim !== undefined && attemptKill(victim);
        const time = await timeToEnd(training);
        const code = await training.ended;
        if (isKilled) {
          kills++;
          if (time <= LONGEST) inTime++;
          else said(`ended only ${time.toFixed(1)} s after a kill`);
          if (code !== 0 && training.printed() === "") said("ended without a message");
          log(`${launcher.name}: rank of ${ranks} killed, all ended after ${time.toFixed(1)} s`);
        } else if (code !== 0) said(`ended with ${code}: ${training.printed()}`);
        if (code === 0 || !isKilled) break;
      }
      if (hashOf(workspace) !== expected) {
        others++;
        said("other bytes in the end");
      }
    });
  }
  return { rows: [[launcher.name, "1, 2, 3, 4 × 1", trainings, kills, 0, others]], failures };
}

function attemptKill(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false; // it has just ended by itself
  }
}

/** Trains on several hosts, undisturbed and with a link that is cut. */
async function proveHosts(
  launcher: Launcher,
  expected: string,
  { log }: ProofOptions,
): Promise<Outcome> {
  const failures: string[] = [];
  const said = (text: string) => void failures.push(`${launcher.name}, hosts: ${text}`);
  let others = 0;
  const compare = (workspace: Workspace, name: string) => {
    if (hashOf(workspace) === expected) return;
    others++;
    said(`${name}: other bytes`);
  };
  const variables = [INIT_CWD_VARIABLE, MARK, "NO_COLOR"];
  for (const host of [undefined, HOSTS - 1]) {
    await inWorkspace(async (workspace) => {
      const { folder, list } = workspace;
      await prepare(workspace);
      await withHosts(HOSTS, { folder, variables }, async (hosts) => {
        const run = () => startRanks(workspace, launcher, { ranks: HOSTS, workers: 1, hosts });
        const training = run();
        if (host === undefined) {
          const code = await training.ended;
          if (code === 0) compare(workspace, "undisturbed");
          else said(`ended with ${code}: ${training.printed()}`);
          return;
        }
        const hasBegun = () => list("outputs").some((path) => path.includes("/checkpoints/"));
        let hasEnded = false;
        void training.ended.then(() => hasEnded = true);
        while (!hasBegun() && !hasEnded) await pause(20);
        await hosts.cut(host);
        const time = await timeToEnd(training);
        log(`${launcher.name}: link cut, all ended after ${time.toFixed(1)} s`);
        if (time > LONGEST) said(`ended only ${time.toFixed(1)} s after a link was cut`);
        if (!/expected all to answer within|lost communication/.test(training.printed())) {
          said(`ended without the message of a lost link: ${training.printed()}`);
        }
      });
      if (host === undefined) return;
      await withHosts(HOSTS - 1, { folder, variables }, async (hosts) => {
        const again = startRanks(workspace, launcher, { ranks: HOSTS - 1, workers: 1, hosts });
        const code = await again.ended;
        if (code === 0) compare(workspace, "resumed");
        else said(`resumed, ended with ${code}: ${again.printed()}`);
      });
    });
  }
  return {
    rows: [[`${launcher.name}, ${HOSTS} hosts`, `${HOSTS} × 1`, 2, 0, 1, others]],
    failures,
  };
}

/** The proof. */
export const proof: Proof = {
  name: "ranks",
  about: "Trains by ranks of Open MPI and MPICH, kills ranks, and cuts links between hosts",
  needsPackages: true,
  columns: [
    "Library",
    "Ranks × workers",
    "Trainings",
    "Kills",
    "Links cut",
    "Other bytes in the end",
  ],
  async run(options: ProofOptions): Promise<Outcome> {
    const { sample, log } = options;
    const outcomes: Outcome[] = [];
    const unlessMissing = async (use: () => Promise<void>) => {
      try {
        await use();
      } catch (error) {
        if (!(error instanceof MissingError && sample)) throw error;
        log(`${error.message}: left out`);
      }
    };
    const expected = await expectedHash();
    const failures = expected === GOLDEN ? [] : [`training without ranks: received ${expected}`];
    for (const find of [openMpi, mpich]) {
      await unlessMissing(async () => {
        const launcher = await find();
        outcomes.push(await proveCounts(launcher, expected, options));
        outcomes.push(await proveKills(launcher, expected, options));
        if (!sample) outcomes.push(await proveHosts(launcher, expected, options));
      });
    }
    return {
      rows: outcomes.flatMap(({ rows }): readonly Row[] => rows),
      failures: [...failures, ...outcomes.flatMap(({ failures }) => failures)],
    };
  },
};
