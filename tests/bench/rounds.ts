/**
 * Measuring contestants side by side: in every round each of them once, so that what disturbs the
 * machine disturbs all of them alike.
 *
 * @module
 */
import { type Contestant, type Mode, OURS } from "./contestants.ts";
import { median } from "../../lib/tensor/math/statistics.ts";
import type { WorkloadName } from "./workloads.ts";

/** Task of one process. */
export interface Task {
  readonly mode: Mode;
  readonly workload: WorkloadName;
}

/** A number that a process of a task gives, and what it means. */
export interface Quantity {
  /** Measured quantity: the title of a table's row. */
  readonly title: string;
  /** Task that gives the number. */
  readonly task: Task;
  /** Unit of the number. */
  readonly unit: string;
  /** Whether larger numbers are better. If not, smaller ones are. */
  readonly isRate: boolean;
  /** The number. */
  of(run: Run): number;
}

/** Output of one process, and its time from start to exit. */
export interface Run {
  readonly seconds: number;
  readonly result: Readonly<Record<string, unknown>>;
}

/** Numbers measured for one program in a row. */
export interface Measured {
  readonly name: string;
  readonly library: string;
  /** One number a round. */
  readonly values: readonly number[];
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Accuracy on the test split, where the task trains; of the last round. */
  readonly accuracy?: number;
  /** Reason why the numbers do not count; undefined if they do. */
  readonly fault?: string;
}

/** A row: a quantity, and who was measured. */
export interface Comparison {
  readonly quantity: Quantity;
  /** The first is this project. */
  readonly measured: readonly Measured[];
}

const names: Readonly<Record<WorkloadName, string>> = {
  S: "784-128-10, batches of 64",
  M: "784-512-512-10, batches of 128",
  L: "784-2500-2000-1500-1000-500-10, batches of 256",
};

/** A number of a result, or NaN. */
function number({ result }: Run, key: string): number {
  const value = result[key];
  return typeof value === "number" ? value : NaN;
}

/** The rows: training, the whole process, and asking. */
export function quantitiesOf(
  groups: ReadonlySet<string>,
  workloads: readonly WorkloadName[],
): readonly Quantity[] {
  const steps = workloads.map((workload): Quantity => ({
    title: `train ${workload}: ${names[workload]}`,
    task: { mode: "train", workload },
    unit: "samples/s",
    isRate: true,
    of: (run) => number(run, "samples_per_s"),
  }));
  const infer = { mode: "infer", workload: "S" } as const;
  const runs: readonly Quantity[] = [
    {
      title: "whole process: load, 5 epochs of S, test",
      task: { mode: "e2e", workload: "S" },
      unit: "s",
      isRate: false,
      of: ({ seconds }) => seconds,
    },
    {
      title: "predict 10,000 images with S in one call",
      task: infer,
      unit: "images/s",
      isRate: true,
      of: (run) => number(run, "infer_per_s"),
    },
    {
      title: "predict one image with S",
      task: infer,
      unit: "µs",
      isRate: false,
      of: (run) => number(run, "lat1_us_p50"),
    },
  ];
  return [
    ...(groups.has("steps") ? steps : []),
    ...(groups.has("runs") && workloads.includes("S") ? runs : []),
  ];
}

/** Options of running the programs. */
export interface RoundOptions {
  readonly rounds: number;
  /** The whole environment of each process. */
  readonly env: Readonly<Record<string, string>>;
  /** Called with a description of the next run. */
  readonly onRun: (what: string) => void;
}

/**
 * Runs all contestants round by round.
 *
 * @throws {Error} if this project's own process fails
 */
export async function compare(
  contestants: readonly Contestant[],
  quantities: readonly Quantity[],
  { rounds, env, onRun }: RoundOptions,
): Promise<readonly Comparison[]> {
  const keyOf = ({ mode, workload }: Task) => `${mode}:${workload}`;
  const tasks = new Map(quantities.map(({ task }) => [keyOf(task), task]));
  const runs = new Map<string, (Run | Error)[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [key, task] of tasks) {
      const able = contestants.filter(({ modes }) => modes.includes(task.mode));
      for (let turn = 0; turn < able.length; turn++) {
        const contestant = able[(turn + round) % able.length]; // nobody is always first
        onRun(`round ${round + 1} of ${rounds}: ${key} by ${contestant.name}`);
        const run = await runOnce(contestant, task, env);
        if (run instanceof Error && contestant.name === OURS) throw run;
        const place = `${key} ${contestant.name}`;
        runs.set(place, [...(runs.get(place) ?? []), run]);
      }
    }
  }
  return quantities.map((quantity) => ({
    quantity,
    measured: judged(contestants.flatMap((contestant) => {
      const all = runs.get(`${keyOf(quantity.task)} ${contestant.name}`);
      return all === undefined ? [] : [measuredOf(contestant, quantity, all)];
    })),
  }));
}

/** Number of times a process repeats the measured work after its warm-up; the median counts. */
const REPEATS = 3;

/** Longest time of a process [ms]. */
const PATIENCE = 600_000;

async function runOnce(
  { name, command: [program, ...given], folder, env: own }: Contestant,
  { mode, workload }: Task,
  env: Readonly<Record<string, string>>,
): Promise<Run | Error> {
  const reps = mode === "train" ? ["--reps", String(REPEATS)] : [];
  const command = new Deno.Command(program, {
    args: [...given, "--mode", mode, "--workload", workload, ...reps],
    ...(folder === undefined ? {} : { cwd: folder }),
    clearEnv: true,
    env: { ...env, ...own },
    stdin: "null",
    signal: AbortSignal.timeout(PATIENCE),
  });
  const begun = performance.now();
  try {
    const { code, stdout, stderr } = await command.output();
    const seconds = (performance.now() - begun) / 1000;
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    const line = text(stdout).split("\n").findLast((line) => line.startsWith("{"));
    if (code === 0 && line !== undefined) return { seconds, result: JSON.parse(line) };
    const why = text(stderr).split("\n").at(-1) ?? "";
    return new Error(`Cannot measure ${name}: it ended with code ${code}: ${why}`);
  } catch (cause) {
    return new Error(`Cannot measure ${name}: ${cause instanceof Error ? cause.message : cause}`);
  }
}

function measuredOf(
  { name, library }: Contestant,
  quantity: Quantity,
  runs: readonly (Run | Error)[],
): Measured {
  const failed = runs.find((run) => run instanceof Error);
  const done = runs.filter((run): run is Run => !(run instanceof Error));
  const values = done.map((run) => quantity.of(run));
  const accuracy = done.map((run) => number(run, "test_acc")).at(-1) ?? NaN;
  return {
    name,
    library,
    values,
    median: median(values),
    low: Math.min(...values),
    high: Math.max(...values),
    ...(Number.isNaN(accuracy) ? {} : { accuracy }),
    ...(failed === undefined ? {} : { fault: failed.message }),
  };
}

/**
 * Largest difference from the best accuracy of a row for which a result counts as correct: seeds alone
 * differ by less.
 */
const LEEWAY = 0.05;

/** Says which results are not right, so that nobody wins by computing something else. */
export function judged(measured: readonly Measured[]): readonly Measured[] {
  const best = Math.max(...measured.map(({ accuracy = NaN }) => accuracy).filter(Number.isFinite));
  return measured.map((each) =>
    each.accuracy === undefined || each.accuracy >= best - LEEWAY || each.fault !== undefined
      ? each
      : { ...each, fault: `its test accuracy is ${each.accuracy}, the best one's ${best}` }
  );
}

/** The fastest peer of a row, of one library or of all; undefined if there is none. */
export function fastestPeer(
  { quantity: { isRate }, measured }: Comparison,
  library?: string,
): Measured | undefined {
  const peers = measured.filter(({ name, fault, library: own, median }) =>
    name !== OURS && fault === undefined && Number.isFinite(median) &&
    (library === undefined || library === own)
  );
  return peers.toSorted((a, b) => isRate ? b.median - a.median : a.median - b.median)[0];
}

/** Returns the speed of this project divided by that of another program: 2 is twice as fast. */
export function speedup({ quantity: { isRate }, measured }: Comparison, other: Measured): number {
  const own = measured.find(({ name }) => name === OURS)?.median ?? NaN;
  return isRate ? own / other.median : other.median / own;
}
