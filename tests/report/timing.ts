/**
 * Times of runs with fixed numbers.
 *
 * @module
 */
import type { EnvironmentFacts } from "../../lib/report/environment/environment.ts";
import type { OperationTime, RunTiming } from "../../lib/run/timing.ts";

const operation = (
  pass: string,
  layer: string,
  operation: string,
  microseconds: number,
): OperationTime => ({ pass, layer, operation, microseconds });

/** The operations of a step of 784-128-10 by two workers. */
const OPERATIONS: readonly OperationTime[] = [
  operation("input", "", "copy rows", 5.4),
  operation("input", "", "compress rows", 14.2),
  operation("forward", "dense1", "matmul: sparseProduct", 16.5),
  operation("forward", "relu1", "loop: add, max", 3.83),
  operation("forward", "dense2", "matmul", 2.36),
  operation("forward", "dense2", "loop: add", 0.69),
  operation("loss", "", "max over columns", 0.9),
  operation("loss", "", "loop: sub, max, min, mul, nearest, add, …", 1.15),
  operation("loss", "", "sum over columns", 0.44),
  operation("loss", "", "gatherColumns", 0.25),
  operation("backward", "loss", "loop: div, equalInteger, selectFloat, sub", 0.71),
  operation("backward", "dense2", "matmul", 6.42),
  operation("backward", "relu1", "loop: less, selectFloat", 2.32),
  operation("input", "", "compress columns", 7.03),
  operation("backward", "dense1", "matmul: sparseProduct", 25.9),
  operation("backward", "dense1", "sum over rows", 0.42),
  operation("update", "all", "loop: and, equalInteger, selectFloat, add, sub, mul, …", 0.26),
  operation("update", "all", "loop: mul, add, abs, less, selectFloat, sqrt, …", 18),
  operation("gradient", "", "dot: dotBlocks", 3.61),
  operation("gradient", "", "loop: sqrt", 0.06),
  operation("waiting", "", "for other workers", 3.2),
];

const STAGES = [
  { stage: "load", milliseconds: 134 },
  { stage: "split", milliseconds: 16 },
  { stage: "normalize", milliseconds: 0 },
  { stage: "train", milliseconds: 776 },
  { stage: "evaluate", milliseconds: 114 },
  { stage: "report", milliseconds: 0 },
];

const TRAINING: NonNullable<RunTiming["training"]> = {
  activities: [
    { training: "setup", milliseconds: 89 },
    { training: "steps", milliseconds: 545.2 },
    { training: "validation", milliseconds: 24.3 },
    { training: "observations", milliseconds: 27.6 },
    { training: "checkpoints", milliseconds: 26.5 },
  ],
  steps: { after: 0, steps: 4300, samples: 275_000, timed: 67 },
  epochs: [260.5, 131.2, 124.9, 119.3, 121.8].map((milliseconds, index) => ({
    epoch: index + 1,
    milliseconds,
  })),
  operations: OPERATIONS,
};

/** Epochs that grow slower and have a hiccup. */
const MANY_EPOCHS = Array.from({ length: 200 }, (_, index) => ({
  epoch: index + 1,
  milliseconds: 2500 + 2 * index + (index === 70 ? 4000 : 0),
}));

/** The steps of twenty hidden layers, each with five operations. */
const DEEP = Array.from({ length: 20 }, (_, index) => [
  operation("forward", `dense${index + 1}`, "matmul: sparseProduct", 900 - 30 * index),
  operation("forward", `relu${index + 1}`, "loop: add, max", 20),
  operation("backward", `dense${index + 1}`, "matmul", 1100 - 30 * index),
  operation("backward", `dense${index + 1}`, "sum over rows", 10),
  operation("backward", `relu${index + 1}`, "loop: less, selectFloat", 30),
]).flat();

/** Times of runs of all kinds. */
export const TIMINGS = {
  "a run": { stages: STAGES, training: TRAINING },
  "stages alone": { stages: STAGES },
  "nothing": { stages: [] },
  "one epoch": {
    stages: STAGES,
    training: { ...TRAINING, epochs: [{ epoch: 1, milliseconds: 260.5 }] },
  },
  "200 epochs of a run that went on": {
    stages: STAGES.map((each) =>
      each.stage === "train" ? { ...each, milliseconds: 553_000 } : each
    ),
    training: {
      ...TRAINING,
      epochs: MANY_EPOCHS,
      steps: { after: 1_720, steps: 172_000, samples: 11_000_000, timed: 2687 },
      activities: [
        { training: "setup", milliseconds: 89 },
        { training: "steps", milliseconds: 521_000 },
      ],
    },
  },
  "20 hidden layers with long names": {
    stages: STAGES.map((each) =>
      each.stage === "train" ? { ...each, milliseconds: 151_000 } : each
    ),
    training: {
      ...TRAINING,
      activities: [
        { training: "setup", milliseconds: 890 },
        { training: "steps", milliseconds: 147_600 },
        { training: "checkpoints", milliseconds: 1800 },
      ],
      epochs: [31_400, 30_100, 29_800, 29_600, 29_900].map((milliseconds, index) => ({
        epoch: index + 1,
        milliseconds,
      })),
      operations: [
        ...DEEP,
        operation("update", `${"all weights but the last ".repeat(8)}`, "loop: mul", 4000),
      ],
    },
  },
  "too few steps": {
    stages: STAGES,
    training: {
      ...TRAINING,
      epochs: [],
      steps: { after: 0, steps: 8, samples: 96, timed: 0 },
      operations: [],
    },
  },
  "no step at all": {
    stages: STAGES,
    training: {
      activities: [{ training: "setup", milliseconds: 89 }],
      epochs: [],
      operations: [],
      steps: { after: 8600, steps: 0, samples: 0, timed: 0 },
    },
  },
} satisfies Readonly<Record<string, RunTiming>>;

/** Returns the environment of the run with these times. */
export function factsOf(timing: RunTiming): EnvironmentFacts {
  return {
    versions: { "ann-mlp": "0.1.0", deno: "2.9.6", v8: "15.0.245.2-rusty", typescript: "6.0.3" },
    machine: { system: "linux", architecture: "x86_64", processors: 2, workers: 2 },
    started: "2026-11-24T18:10:08.021Z",
    finished: "2026-11-24T18:10:09.727Z",
    timing,
  };
}
