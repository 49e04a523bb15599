/**
 * A worker: walks the programs it was given, a segment at a time.
 *
 * @module
 */

import { type Reply, type Request, STEPS_WORD, STOP_WORD } from "./protocol.ts";
import { instantiateKernels, makeWalk, type Walk } from "./walker.ts";

/** What a worker has once it was opened. */
interface Opened {
  readonly walks: readonly Walk[];
  readonly control: Int32Array<SharedArrayBuffer>;
}

function open({ memory, kernels, programs }: Request & { kind: "open" }): Opened {
  const exports = instantiateKernels(kernels, memory);
  return {
    walks: programs.map((program) => makeWalk(program, memory, exports)),
    control: new Int32Array(memory.buffer as unknown as SharedArrayBuffer),
  };
}

/** Walks a segment; returns the step it stopped before. */
function run({ walks, control }: Opened, { program, from, to }: Request & { kind: "run" }): number {
  const walk = walks[program] as Walk;
  for (let step = from; step < to; step++) {
    if (Atomics.load(control, STOP_WORD) !== 0) return step;
    walk(step);
    Atomics.add(control, STEPS_WORD, 1);
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
      scope.postMessage({ kind: "failed", message: String(error) } satisfies Reply);
    }
  };
}

serve(globalThis as unknown as DedicatedWorkerGlobalScope);
