/**
 * Single operations: dense products of all forms at the shapes of the workloads, and at some that no tile
 * divides; sparse products on real data; the loop of Adam; reductions.
 *
 * @module
 */
import type { Dataset, Split } from "../../lib/data/dataset.ts";
import { unit } from "../../lib/data/normalize/unit.ts";
import { compile, type CompilerInput } from "../../lib/engine/compiler/compile.ts";
import type { Program } from "../../lib/engine/program/program.ts";
import { computeOperationCosts } from "../../lib/engine/program/cost.ts";
import { combineTimelines } from "../../lib/analysis/profile/profile.ts";
import type { Timeline } from "../../lib/analysis/profile/timeline.ts";
import { measureClockReading } from "../../lib/engine/workers/stopwatch.ts";
import type { Machine } from "../../lib/engine/backend.ts";
import { exact } from "../../lib/engine/wasm/exact.ts";
import { CLOCK_URL, now } from "../../lib/io/clock.ts";
import type { Ceilings } from "../../lib/analysis/profile/roofline.ts";
import { type ProfileRow, profileRows, WAITING } from "../../lib/analysis/profile/rows.ts";
import {
  concatenate,
  dot,
  gatherRows,
  input,
  matmul,
  max,
  type Shape,
  sizeOf,
  sum,
  type Tensor,
  transpose,
} from "../../lib/tensor/mod.ts";
import { adam } from "../../lib/train/mod.ts";
import { storeSplitFeatures } from "../../lib/train/programs.ts";
import { measureCeilings } from "../../pipelines/profile/ceilings.ts";
import { type TypicalRange, typicalRange } from "../../pipelines/profile/measure.ts";
import { type MeasuredProgram, timeCalls, timeSteps } from "../../pipelines/profile/record.ts";
import { build, whole, type WorkloadName, WORKLOADS } from "./workloads.ts";

/** A measured operation. */
export interface KernelResult extends Omit<ProfileRow, "pass" | "layer" | "share"> {
  /** Workload, what it is for and the operation: "M: x W [128, 512] [512, 10]: matmul". */
  readonly name: string;
  /** The times of the rounds in microseconds. */
  readonly spread: TypicalRange;
}

/** Measured operations, and what the machine can do at most. */
export interface KernelResults {
  readonly ceilings: Ceilings;
  readonly kernels: readonly KernelResult[];
}

/** Options of measuring kernels. */
export interface KernelOptions {
  readonly workloads: readonly WorkloadName[];
  readonly threads: number;
  readonly rounds: number;
}

/** A program of operations that are measured. */
interface KernelCase {
  readonly program: Program;
  /** Rows of the data that it takes; its sparse operations are about their entries. */
  readonly batch?: number;
}

type Cases = Readonly<Record<string, KernelCase>>;

/** Steps that are looked at in a round, at most, and about how long they may take, in microseconds. */
const MOST_STEPS = 200;
const ROUND_TIME = 60_000;

/** Looks at the clock before the first round. */
const LOOKS = 100_000;

/** Measures the operations of some workloads, round by round. */
export async function measureKernels(
  data: Dataset,
  { workloads, threads, rounds }: KernelOptions,
): Promise<KernelResults> {
  const clock = measureClockReading(now, LOOKS);
  const ceilings = await measureCeilings(threads, clock);
  const train = whole(data.train);
  const { source, sources } = storeSplitFeatures(train, unit()(train), { encoding: "sparse8" });
  const cases: Cases = Object.assign({}, ...workloads.map((name) => casesOf(name, source)));
  await using machine = await exact.open({
    programs: Object.fromEntries(
      Object.entries(cases).map(([name, { program }]) => [name, program]),
    ),
    sources,
    perStep: [],
    steps: MOST_STEPS,
    workers: threads,
    clock: CLOCK_URL,
  });
  fill(machine, cases);
  const rows = new Map<string, ProfileRow[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, { program, batch = 0 }] of Object.entries(cases)) {
      const timelines = await watch({ machine, program, workers: threads }, name);
      const costs = computeOperationCosts(
        program,
        (of) => "lists" in of ? entriesOf(train, batch) : of.length / 2,
      );
      for (
        const row of profileRows(combineTimelines(program, timelines, { clock, costs }), ceilings)
      ) {
        if (row.pass === WAITING || row.operation.startsWith("copy")) continue;
        const key = `${name}: ${row.operation}`;
        rows.set(key, [...(rows.get(key) ?? []), row]);
      }
    }
  }
  return { ceilings, kernels: [...rows].map(([name, measured]) => resultOf(name, measured)) };
}

/** Values of the first samples that are not zero. */
function entriesOf({ samples: { values, count } }: Split, batch: number): number {
  return values.subarray(0, batch * (values.length / count)).filter((value) => value !== 0).length;
}

/** Records as many steps of a program as there is time for. */
async function watch(recorded: MeasuredProgram, program: string): Promise<readonly Timeline[]> {
  const times = await timeSteps(recorded, { program, from: 0, to: 3 });
  const affordable = Math.floor(ROUND_TIME / Math.min(...times));
  const to = Math.max(3, Math.min(MOST_STEPS, affordable));
  return await timeCalls(recorded, { program, from: 0, to });
}

function resultOf(name: string, measured: readonly ProfileRow[]): KernelResult {
  const sorted = measured.toSorted((a, b) => a.time - b.time);
  const { pass: _pass, layer: _layer, share: _share, ...typical } = //
    sorted[Math.floor(sorted.length / 2)];
  return { ...typical, name, spread: typicalRange(measured.map(({ time }) => time)) };
}

/**
 * Writes small positive numbers into all inputs, every other one of signed ones negated, and takes the
 * first rows of the data.
 */
function fill(machine: Machine, cases: Cases): void {
  for (const { program } of Object.values(cases)) {
    for (const space of Object.keys(program.spaces)) {
      if (!space.startsWith("in:")) continue;
      if (space.startsWith("in:rows")) machine.integers(space).forEach((_, i, rows) => rows[i] = i);
      else if (space.startsWith("in:signed")) {
        machine.floats(space).forEach((_, i, values) => values[i] = i % 2 === 0 ? 0.001 : -0.001);
      } else machine.floats(space).forEach((_, i, values) => values[i] = 0.001 * (1 + i % 7));
    }
  }
}

/** The operations of a workload: products forward and backward, sparse ones, the update, reductions. */
function casesOf(workload: WorkloadName, source: Tensor): Cases {
  const { hidden, batchSize } = WORKLOADS[workload];
  const widths = [...hidden, 10];
  const named = (
    name: string,
    make: (input: MakeInput) => Omit<CompilerInput, "origins">,
    batch?: number,
  ) => {
    const of = `${workload}: ${name}`;
    const program = compile(make((part, shape, type) => input(`${part} of ${of}`, shape, type)));
    return { [of]: { program, ...(batch === undefined ? {} : { batch }) } };
  };
  const dense = hidden.map((inputs, index) =>
    products(named, batchSize, inputs, widths[index + 1] ?? 10)
  );
  const odd = workload === "M" ? products(named, 61, 509, 511) : {};
  const size = build(WORKLOADS[workload]).parameters.reduce(
    (sum, { shape }) => sum + sizeOf(shape),
    0,
  );
  const first = hidden[0];
  const rowsOfData = (make: MakeInput) => gatherRows(source, make("rows", [batchSize], "integer"));
  return Object.assign(
    {},
    named(`sparse x W [${batchSize}, 784] [784, ${first}]`, (make) => ({
      outputs: { [`y of ${workload}`]: matmul(rowsOfData(make), make("W", [784, first])) },
    }), batchSize),
    named(`sparse xᵀ dy [${batchSize}, 784] [${batchSize}, ${first}]`, (make) => ({
      outputs: {
        [`dW of ${workload}`]: matmul(transpose(rowsOfData(make)), make("dy", [batchSize, first])),
      },
    }), batchSize),
    ...dense,
    odd,
    named(`Adam [${size}]`, adamOf(size, workload)),
    named(`norm of the gradient [${size}]`, (input) => {
      const gradient = input("gradient", [size]);
      return { outputs: { [`squares of ${workload}`]: dot(gradient, gradient) } };
    }),
    named(`sums of rows [${batchSize}, ${first}]`, (input) => ({
      outputs: { [`db of ${workload}`]: sum(input("dy", [batchSize, first]), "rows") },
    })),
    named(`sums of columns [${batchSize}, 10]`, (input) => ({
      outputs: { [`row sums of ${workload}`]: sum(input("y", [batchSize, 10]), "columns") },
    })),
  );
}

/** Makes an input with a name of its own. */
type MakeInput = (part: string, shape: Shape, type?: Tensor["type"]) => Tensor;

/** Compiles a case. */
type Named = (name: string, make: (input: MakeInput) => Omit<CompilerInput, "origins">) => Cases;

/** The products of a dense layer, as training has them; that of a rectified x is half zeros here. */
function products(named: Named, batch: number, inputs: number, outputs: number): Cases {
  const [x, w, dy] = [[batch, inputs], [inputs, outputs], [batch, outputs]] as const;
  const show = (a: readonly number[], b: readonly number[]) =>
    `[${a.join(", ")}] [${b.join(", ")}]`;
  const product = (
    name: string,
    [left, right]: readonly [readonly number[], readonly number[]],
    make: (a: Tensor, b: Tensor) => Tensor,
    leftName = "left",
  ) =>
    named(`${name} ${show(left, right)}`, (input) => ({
      outputs: {
        [`${name} ${show(left, right)}`]: make(input(leftName, left), input("right", right)),
      },
    }));
  return {
    ...product("x W", [x, w], matmul),
    ...product("max(x, 0) W", [x, w], (a, b) => matmul(max(a, 0), b), "signed left"),
    ...product("xᵀ dy", [x, dy], (a, b) => matmul(transpose(a), b)),
    ...product("dy Wᵀ", [dy, w], (a, b) => matmul(a, transpose(b))),
  };
}

/** Adam's update of so many parameters: they and their moments are replaced. */
function adamOf(
  size: number,
  workload: WorkloadName,
): (input: MakeInput) => Omit<CompilerInput, "origins"> {
  return (make) => {
    const nameOf = (part: string) => `${part} of Adam, ${workload}`;
    const vector = (part: string) => input(nameOf(part), [size]);
    const { params, slots } = adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }).update(
      vector("parameters"),
      // put together as in training, where all of the update is one loop that follows it
      concatenate([make("gradient of some", [size - 10]), make("of the others", [10])]),
      { first: vector("first"), second: vector("second") },
      {
        rate: make("rate", []),
        step: make("rows: number of the step", [], "integer"),
        parameters: [],
      },
    );
    return {
      state: {
        [nameOf("parameters")]: params,
        [nameOf("first")]: slots.first,
        [nameOf("second")]: slots.second,
      },
    };
  };
}
