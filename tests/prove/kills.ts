/**
 * Proof that runs survive kills: real processes are killed by SIGKILL at random moments, and the same
 * command is run again, until one ends by itself; it must end in the bytes of an undisturbed run.
 *
 * @module
 */
import { join } from "@std/path";
import { inWorkspace, type Workspace } from "../pipelines/workspace.ts";
import { TINY, tinyData } from "../pipelines/tiny.ts";
import { type Files, halfWritten, hashesOf, isLeftOver } from "./left.ts";
import type { Outcome, Proof, ProofOptions } from "./proof.ts";
import { randomNumbers } from "./random.ts";

/** A kind of runs: commands that are run one after the other, each until it ends by itself. */
interface Kind {
  readonly name: string;
  readonly config: unknown;
  readonly commands:
    readonly (readonly [task: "train" | "sweep" | "report" | "data", ...string[]])[];
}

const [load, split, normalize, train, evaluate, report] = TINY.pipeline;

/** The tiny run with more epochs and other options of training. */
function configOf(
  options: object,
  more: { readonly keys?: object; readonly reports?: boolean } = {},
): unknown {
  const training = { ...train, epochs: 60, ...options };
  const reports = more.reports === true ? [report] : [];
  return {
    ...TINY,
    ...more.keys,
    pipeline: [load, split, normalize, training, evaluate, ...reports],
  };
}

const dense = (units: number) => ({ name: "dense", units });
const TRAIN = [["train", "tiny.json"]] as const;

const KINDS: readonly Kind[] = [
  { name: "plain", config: configOf({}), commands: TRAIN },
  {
    name: "dropout and batch normalization",
    config: configOf({
      layers: [
        dense(6),
        { name: "batchNorm" },
        { name: "relu" },
        { name: "dropout", rate: 0.2 },
        dense(3),
      ],
    }),
    commands: TRAIN,
  },
  {
    name: "augmentation",
    config: configOf({ augment: [{ name: "affine", rotate: 10, shift: 1 }] }),
    commands: TRAIN,
  },
  {
    name: "averaging",
    config: configOf({ averaging: { name: "exponential", decay: 0.9 } }),
    commands: TRAIN,
  },
  {
    name: "early stopping",
    config: configOf({
      epochs: 400,
      validateEvery: { steps: 2 },
      earlyStopping: { metric: "validation.accuracy", patience: 100 }, // after some 60 epochs
      checkpoint: { keep: 2, every: "0.02 s" },
    }),
    commands: TRAIN,
  },
  {
    name: "sweep",
    config: configOf({ epochs: 20 }, { keys: { sweep: { seed: [1, 2, 3] } } }),
    commands: [["sweep", "tiny.json"]],
  },
  {
    name: "ensemble",
    config: configOf({ epochs: 20 }, { keys: { ensemble: { seed: [1, 2] } } }),
    commands: TRAIN,
  },
  {
    name: "report and cache",
    config: configOf({ epochs: 2 }, { reports: true }),
    commands: [["train", "tiny.json"], ["report", "latest"], ["data", "fetch", "mnist-10k"]],
  },
];

/** Kills of each kind: 1,000 in all. */
const KILLS = 125;

/** Kinds of the sample, and kills of each. */
const SAMPLE = { kinds: ["plain"], kills: 2 };

/** Kills of one command before it is left alone, so that each series ends. */
const MOST_IN_A_ROW = 6;

/** Files that runs of a kind have left. */
async function filesOf({ folder, list }: Workspace): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  for (const top of ["outputs", ".cache"]) {
    for (const path of list(top)) {
      files.set(`${top}/${path}`, await Deno.readFile(join(folder, top, path)));
    }
  }
  return files;
}

/** Files of an undisturbed run, and the time of each command [ms]. */
interface Undisturbed {
  readonly files: Files;
  readonly times: readonly number[];
}

async function prepare({ write, folder }: Workspace, { config }: Kind): Promise<void> {
  await write("tiny.json", config);
  for (const [path, bytes] of Object.entries(tinyData())) await write(path, bytes);
  for (const name of ["outputs", ".cache"]) await Deno.mkdir(join(folder, name));
}

async function undisturbed(kind: Kind): Promise<Undisturbed> {
  let found: Undisturbed = { files: new Map(), times: [] };
  await inWorkspace(async (workspace) => {
    await prepare(workspace, kind);
    const times: number[] = [];
    for (const [task, ...args] of kind.commands) {
      const begun = performance.now();
      const { code, stderr } = await workspace.runAlone(task, args);
      if (code !== 0) throw new Error(`the undisturbed ${kind.name} ended with ${code}: ${stderr}`);
      times.push(performance.now() - begun);
    }
    found = { files: await filesOf(workspace), times };
  });
  return found;
}

/** Runs the commands of a kind, killed so often at most; returns how often it was, and what went wrong. */
async function runKilled(
  workspace: Workspace,
  { kind, known, most, random }: {
    readonly kind: Kind;
    readonly known: Undisturbed;
    readonly most: number;
    readonly random: () => number;
  },
): Promise<{ readonly kills: number; readonly failures: readonly string[] }> {
  await prepare(workspace, kind);
  const failures: string[] = [];
  const said = (what: string) => void failures.push(`${kind.name}: ${what}`);
  let kills = 0;
  for (const [index, [task, ...args]] of kind.commands.entries()) {
    for (let inARow = 0;; inARow++) {
      await using child = workspace.start(task, args);
      const isLeftAlone = inARow === MOST_IN_A_ROW || kills === most;
      const after = random() * (known.times[index] as number);
      const timer = isLeftAlone ? undefined : setTimeout(() => attemptKill(child), after);
      const { code, signal, stderr } = await child.output();
      clearTimeout(timer);
      if (signal !== "SIGKILL") {
        if (code !== 0) said(`ended with ${code}: ${new TextDecoder().decode(stderr)}`);
        break;
      }
      kills++;
      const half = halfWritten(await filesOf(workspace), [known.files]);
      if (half !== undefined) said(`"${half}" is half-written`);
    }
  }
  const files = await filesOf(workspace);
  const [found, expected] = [hashesOf(files), hashesOf(known.files)];
  const other = Object.keys({ ...expected, ...found }).find((name) =>
    expected[name] !== found[name]
  );
  if (other !== undefined) said(`"${other}" is another in the end`);
  const left = [...files.keys()].find(isLeftOver);
  if (left !== undefined) said(`"${left}" is left`);
  return { kills, failures };
}

function attemptKill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // it has just ended by itself
  }
}

/** The proof. */
export const proof: Proof = {
  name: "kills",
  about: "Kills processes at random moments, and runs the same command again",
  columns: ["Runs", "Kills", "Ended", "Other bytes in the end", "Half-written files"],
  async run({ sample, seed, log }: ProofOptions): Promise<Outcome> {
    const random = randomNumbers(seed);
    const rows: (readonly (string | number)[])[] = [];
    const failures: string[] = [];
    for (const kind of KINDS) {
      if (sample && !SAMPLE.kinds.includes(kind.name)) continue;
      const wanted = sample ? SAMPLE.kills : KILLS;
      const known = await undisturbed(kind);
      const found: string[] = [];
      let [killed, ended] = [0, 0];
      while (killed < wanted) {
        await inWorkspace(async (workspace) => {
          const most = wanted - killed;
          const series = await runKilled(workspace, { kind, known, most, random });
          killed += series.kills;
          ended++;
          found.push(...series.failures);
        });
      }
      const half = found.filter((line) => line.includes("half-written")).length;
      rows.push([kind.name, killed, ended, found.length - half, half]);
      failures.push(...found);
      log(`${kind.name}: ${killed} kills, ${ended} ended, ${found.length} failures`);
    }
    return { rows, failures };
  },
};
