/**
 * Predicting as a library user does: 10,000 images in one call, and one image at a time.
 *
 * @module
 */
import type { Dataset, Normalization } from "../../lib/data/dataset.ts";
import { unit } from "../../lib/data/normalize/unit.ts";
import { openLocalMachine } from "../../lib/engine/machine.ts";
import { softmaxCrossEntropy } from "../../lib/nn/mod.ts";
import { median } from "../../lib/profile/profile.ts";
import { oneGroup, predictionStep } from "../../lib/train/mod.ts";
import { batchesOf } from "../../lib/train/passes.ts";
import { compileStep, sourceOf } from "../../lib/train/programs.ts";
import { writeState } from "../../lib/train/state.ts";
import { build, whole, type Workload } from "./workloads.ts";

/** How fast a network is asked. */
export interface Inferred {
  /** Images a second, all in one call. */
  readonly infer_per_s: number;
  /** Microseconds for one image: half and 99 of 100 take no longer. */
  readonly lat1_us_p50: number;
  readonly lat1_us_p99: number;
}

/** Predicts by programs on the calling thread, the data stored beforehand. */
export function infer(workload: Workload, data: Dataset): Inferred {
  const test = whole(data.test);
  const built = build(workload);
  const groups = oneGroup(built);
  const normalization: Normalization = unit()(test);
  const { source, sources } = sourceOf(test, normalization, "sparse8");
  const batches = batchesOf(test.rows.length, 256);
  const step = (batch: number) =>
    compileStep(
      predictionStep({
        network: built,
        loss: softmaxCrossEntropy(),
        groups,
        batch,
        source,
        normalization,
      }),
    );
  const machine = openLocalMachine({
    programs: { batch: step(batches.size), rest: step(batches.rest), one: step(1) },
    sources,
    perStep: ["in:rows", "out:probabilities"],
    steps: batches.steps,
  });
  const state = new Map(groups.map(({ name, size }) => [
    `${name}.parameters`,
    Float32Array.from({ length: size }, (_, i) => ((i * 7919) % 1000 - 500) / 10_000),
  ]));
  writeState(machine, [...state.keys()], state);
  const rows = machine.integers("in:rows");
  const probabilities = machine.floats("out:probabilities");
  const stride = machine.stride("out:probabilities");
  const argmax = (from: number) => {
    let best = 0;
    for (let c = 1; c < 10; c++) {
      if ((probabilities[from + c] as number) > (probabilities[from + best] as number)) best = c;
    }
    return best;
  };
  const full = () => {
    const classes = new Uint8Array(test.rows.length);
    for (let at = 0; at < batches.steps; at++) {
      rows.set(test.rows.subarray(at * 256, at * 256 + 256), at * machine.stride("in:rows"));
      machine.run(at < batches.whole ? "batch" : "rest", at);
      const count = Math.min(256, classes.length - at * 256);
      for (let i = 0; i < count; i++) classes[at * 256 + i] = argmax(at * stride + 10 * i);
    }
    return classes;
  };
  const one = (row: number) => {
    rows[0] = row;
    machine.run("one");
    return argmax(0);
  };
  const timed = (repeats: number, call: (i: number) => unknown) =>
    Array.from({ length: repeats }, (_, i) => {
      const begun = performance.now();
      call(i);
      return performance.now() - begun;
    });
  timed(2, full);
  const calls = timed(7, full);
  timed(200, one);
  const latencies = timed(2000, one).sort((a, b) => a - b);
  return {
    infer_per_s: 1000 * test.rows.length / median(calls),
    lat1_us_p50: 1000 * (latencies[1000] as number),
    lat1_us_p99: 1000 * (latencies[1980] as number),
  };
}
