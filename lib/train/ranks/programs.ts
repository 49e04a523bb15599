/**
 * Compiles the steps of one rank, and plans what it exchanges with the others.
 *
 * @module
 */
import type { Layouts } from "../../engine/program/program.ts";
import type { UpdateGroup } from "../../optim/parameter_groups.ts";
import type { Batches } from "../batches.ts";
import { compilePassPrograms } from "../passes.ts";
import { type CompileOptions, compileStep, type StepPrograms } from "../programs.ts";
import { parametersName, type TrainingOptions } from "../step/options.ts";
import type { Leaves } from "../../tensor/micro_batches.ts";
import {
  accumulationStepFromGradients,
  trainingStep,
  trainingStepFromGradients,
} from "../step/step.ts";
import { divideIntoSlices, divideNodes, type Slice } from "./division.ts";
import type { Ranks } from "./ranks.ts";
import {
  combinedGradients,
  combineStep,
  gradientsStep,
  gradientSumName,
  nodeGradientName,
  numbersPerNode,
  REQUESTS,
} from "./steps.ts";

/** A step of one rank: its programs, and the data that it exchanges with other ranks between them. */
export interface RankStep {
  /** Name of the program that computes gradients. */
  readonly gradients: string;
  /** Name of the program that adds slices of gradients; undefined if the rank has no slice. */
  readonly combine: string | undefined;
  /** Nodes of the tree of micro-batches that each rank computes, by rank. */
  readonly nodes: readonly (readonly Leaves[])[];
  /** Parameter groups, each with the slices of its gradient by rank. */
  readonly groups: readonly { readonly group: UpdateGroup; readonly slices: readonly Slice[] }[];
  /** Slice of the input "numbers" that each rank sends, by rank. */
  readonly numbers: readonly Slice[];
}

/** The programs of a rank, with its steps for whole batches and for the smaller last batch. */
export interface RankPrograms extends StepPrograms {
  /** Step of a whole batch. */
  readonly whole: RankStep;
  /** Step of the smaller last batch. Its programs are missing if all batches are whole. */
  readonly rest: RankStep;
}

/**
 * Compiles the programs of one rank's training steps.
 *
 * @param batches division of the training samples into batches
 * @param ranks this rank's number, and the number of ranks
 * @throws {RangeError} if there are more ranks than micro-batches
 */
export function compileRankPrograms(
  options: Omit<TrainingOptions, "batch">,
  batches: Batches,
  compileOptions: CompileOptions,
  { rank, size }: Pick<Ranks, "rank" | "size">,
): RankPrograms {
  const { groups, shards = 1 } = options;
  const stepOf = (batch: number, suffix: string): RankStep => {
    const nodes = divideNodes(shards, size, batch);
    const sliced = groups.map((group) => ({ group, slices: divideIntoSlices(group.size, size) }));
    const isCombining = sliced.some(({ slices }) => slices[rank].length > 0);
    const perNode = numbersPerNode(options);
    return {
      gradients: `gradients${suffix}`,
      combine: isCombining ? `combine${suffix}` : undefined,
      nodes,
      groups: sliced,
      numbers: consecutiveSlices(nodes.map((own) => own.length * perNode + REQUESTS)),
    };
  };
  const [whole, rest] = [stepOf(batches.size, ""), stepOf(batches.rest, "Rest")];
  const nodesFor = (batch: number) => (batch === batches.size ? whole : rest).nodes;

  const layouts = sharedLayouts(options, batches, compileOptions);
  const compile = (step: Parameters<typeof compileStep>[0]) =>
    compileStep(step, { ...compileOptions, layouts });
  const lengths = whole.groups.map(({ slices }) => slices[rank].length);
  const programsFor = (name: string, make: (batch: number) => Parameters<typeof compileStep>[0]) =>
    compilePassPrograms(name, batches, (batch) => compile(make(batch)));
  const batched = (batch: number) => ({ ...options, batch });
  const accumulate = () => {
    const of = batched(batches.size);
    return compile(accumulationStepFromGradients(of, combinedGradients(of, whole.nodes)));
  };
  return {
    whole,
    rest,
    layouts,
    steps: {
      ...programsFor("gradients", (batch) => gradientsStep(batched(batch), nodesFor(batch)[rank])),
      ...(whole.combine === undefined
        ? {}
        : programsFor("combine", (batch) => combineStep(options, nodesFor(batch).flat(), lengths))),
      ...programsFor(
        "step",
        (batch) =>
          trainingStepFromGradients(
            batched(batch),
            combinedGradients(batched(batch), nodesFor(batch)),
          ),
      ),
      ...(options.accumulates === true ? { accumulate: accumulate() } : {}),
    },
  };
}

/**
 * Returns the layouts of parameters and gradients that a training in one process would choose. With them,
 * all ranks sum norms in the order of that training. A gradient has the layout of its parameter.
 */
function sharedLayouts(
  options: Omit<TrainingOptions, "batch">,
  { size }: Batches,
  compileOptions: CompileOptions,
): Layouts {
  const step = trainingStep({ ...options, batch: size, shards: 1 });
  const { layouts } = compileStep(step, compileOptions);
  const { groups, shards = 1 } = options;
  const gradients = groups.flatMap((group) => {
    const own = layouts[parametersName(group)];
    const nodes = Array.from({ length: shards }, (_, index) => nodeGradientName(group, index));
    return own === undefined ? [] : [gradientSumName(group), ...nodes].map((name) => [name, own]);
  });
  return { ...layouts, ...Object.fromEntries(gradients) };
}

/** Returns slices of a vector that follow each other and have the lengths `lengths`; the first begins at 0. */
function consecutiveSlices(lengths: readonly number[]): readonly Slice[] {
  let first = 0;
  return lengths.map((length) => {
    first += length;
    return { first: first - length, length };
  });
}
