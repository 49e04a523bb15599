/**
 * A worker: walks the programs it was given, a segment at a time.
 *
 * @module
 */

import {
  abort,
  BARRIER_BYTE,
  GO_WORDS,
  type Reply,
  type Request,
  STEPS_WORD,
  STOP_WORD,
} from "./protocol.ts";
import { instantiateKernels, makeWalk, type Walk } from "./walker.ts";

/** What a worker has once it was opened. */
interface Opened {
  readonly walks: readonly Walk[];
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly worker: number;
  /** Waits for the other workers. */
  readonly meet: () => void;
}

function open({ memory, kernels, programs, worker, workers }: Request & { kind: "open" }): Opened {
  const exports = instantiateKernels(kernels, memory);
  const barrier = exports.barrier as (address: number, workers: number) => void;
  return {
    walks: programs.map((program) => makeWalk(program, memory, exports)),
    control: new Int32Array(memory.buffer as unknown as SharedArrayBuffer),
    worker,
    meet: workers === 1 ? () => {} : () => barrier(BARRIER_BYTE, workers),
  };
}

/**
 * Walks a segment; returns the step it stopped before. The first worker looks whether to stop and tells
 * the others, in two words by turns: it may be a step ahead of one that has not read its word yet.
 */
function run(
  { walks, control, worker, meet }: Opened,
  { program, from, to }: Request & { kind: "run" },
): number {
  const walk = walks[program] as Walk;
  for (let step = from; step < to; step++) {
    const word = GO_WORDS[step % 2] as number;
    if (worker === 0) Atomics.store(control, word, 1 - Atomics.load(control, STOP_WORD));
    meet();
    if (Atomics.load(control, word) === 0) return step;
    walk(step);
    if (worker === 0) Atomics.add(control, STEPS_WORD, 1);
  }
  return to;
}

function serve(scope: DedicatedWorkerGlobalScope): void {
  let opened: Opened | undefined;
  const answer = (request: Request): Reply => {
    if (request.kind === "open") {
      opened = open(request);
      return { kind: "ready" };
    }
    if (opened === undefined) throw new TypeError("Cannot run: expected to be opened first");
    return { kind: "ran", step: run(opened, request) };
  };
  scope.onmessage = ({ data }: MessageEvent<Request>) => {
    try {
      scope.postMessage(answer(data));
    } catch (error) {
      if (opened !== undefined) abort(opened.control);
      scope.postMessage({ kind: "failed", message: String(error) } satisfies Reply);
    }
  };
}

serve(globalThis as unknown as DedicatedWorkerGlobalScope);
