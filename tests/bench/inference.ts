/**
 * Predicting as a library user does, by untrained parameters: all images in one call, and one at a time.
 *
 * @module
 */
import type { Dataset } from "../../lib/data/dataset.ts";
import { softmaxCrossEntropy } from "../../lib/nn/mod.ts";
import { median } from "../../lib/tensor/math/statistics.ts";
import { oneGroup } from "../../lib/train/mod.ts";
import type { Trained } from "../../lib/train/inference/trained.ts";
import { openPredictor, openRowPredictor } from "../../lib/train/inference/predictor.ts";
import { parametersOf } from "../../lib/train/state.ts";
import { build, whole, type Workload } from "./workloads.ts";

/** Speed of predictions. */
export interface Inferred {
  /** Images a second, all in one call. */
  readonly infer_per_s: number;
  /** Microseconds for one image: half and 99 of 100 take no longer. */
  readonly lat1_us_p50: number;
  readonly lat1_us_p99: number;
}

/** Asks for the classes of the test images, by so many workers, and one by one on this thread. */
export async function infer(workload: Workload, data: Dataset, threads: number): Promise<Inferred> {
  const { samples: { count, values } } = whole(data.test);
  const trained = untrained(workload);
  await using predictor = await openPredictor(trained, { workers: threads });
  const rowPredictor = openRowPredictor(trained);
  const rows = Array.from(
    { length: count },
    (_, row) => values.subarray(784 * row, 784 * row + 784),
  );
  const calls: number[] = [];
  for (let call = 0; call < 9; call++) {
    const begun = performance.now();
    await predictor.classes(values);
    calls.push(performance.now() - begun);
  }
  const latencies: number[] = [];
  for (let call = 0; call < 2200; call++) {
    const row = rows[call % count] as Uint8Array;
    const begun = performance.now();
    rowPredictor.classOf(row);
    latencies.push(performance.now() - begun);
  }
  const sorted = latencies.slice(200).sort((a, b) => a - b); // the first are a warm-up, as above
  return {
    infer_per_s: 1000 * count / median(calls.slice(2)),
    lat1_us_p50: 1000 * sorted[1000],
    lat1_us_p99: 1000 * sorted[1980],
  };
}

/** A network of a workload, whose parameters nobody trained. */
function untrained(workload: Workload): Trained {
  const built = build(workload);
  const state = new Map(
    oneGroup(built).map((group) => [
      `${group.name}.parameters`,
      Float32Array.from({ length: group.size }, (_, i) => ((i * 7919) % 1000 - 500) / 10_000),
    ]),
  );
  return {
    network: built,
    loss: softmaxCrossEntropy(),
    parameters: parametersOf({ network: built, groups: oneGroup(built) }, state),
    normalization: { name: "unit", shift: 0, scale: 1 / 255 },
    encoding: "sparse8",
    shape: [28, 28],
  };
}
