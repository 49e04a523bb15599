/**
 * A worker that runs cases of a format, so that one that never ends can be ended from outside.
 *
 * @module
 */
import { type Counts, fileOf, runCase } from "./cases.ts";
import { targets } from "./targets.ts";

/** The cases that a worker runs. */
export interface Task {
  readonly name: string;
  readonly seed: number;
  /** The first, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** Holds the number of the case that is running. */
  readonly running: Int32Array<SharedArrayBuffer>;
}

/** Counts of all cases below a number, since the worker began. */
export interface Report {
  readonly counts: Counts;
  readonly next: number;
}

/** Cases between two reports. */
const STRIDE = 1000;

const worker = self as unknown as {
  onmessage: (event: MessageEvent<Task>) => void;
  postMessage(report: Report): void;
};

worker.onmessage = async ({ data: { name, seed, from, to, running } }) => {
  const target = targets[name]();
  let counts: Counts = { accepted: 0, refused: 0, failures: [] };
  for (let number = from; number < to; number++) {
    Atomics.store(running, 0, number);
    await runCase(target, fileOf(target, name, seed, number), `case ${number} of ${name}`, counts);
    if ((number + 1) % STRIDE !== 0 && number + 1 !== to) continue;
    worker.postMessage({ counts, next: number + 1 });
    counts = { accepted: 0, refused: 0, failures: [] };
  }
};
