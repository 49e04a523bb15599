/**
 * A worker: walks the programs it was given, a segment at a time.
 *
 * @module
 */

import { withBackend } from "./backend.ts";
import { abort, type Reply, type Request } from "./protocol.ts";
import { type Shared, type Turns, walkTogether } from "./turns.ts";
import { instantiateKernels, makePhases, type SourceRows, type Walk } from "./walker.ts";

/** What a worker has once it was opened. */
interface Opened {
  /** Its view of each program. */
  readonly programs: readonly Shared[];
  /** The data sets that programs read; those of the segment at hand. */
  readonly sources: SourceRows[];
  /** The control words at the start of the memory. */
  readonly control: Int32Array<SharedArrayBuffer>;
}

async function open(
  { memory, kernels, programs, worker, workers, backend }: Request & { kind: "open" },
): Promise<Opened> {
  const sources: SourceRows[] = [];
  const own = instantiateKernels(kernels, memory, sources);
  const exports = await withBackend(own, memory, backend);
  const control = new Int32Array(memory.buffer as unknown as SharedArrayBuffer);
  const turns = exports as unknown as Turns;
  const shared = programs.map((shares) => {
    const made: (readonly Walk[])[] = [];
    const phasesOf = (share: number) =>
      made[share] ??= makePhases(shares[share] as typeof shares[number], memory, exports);
    phasesOf(worker); // the others' are made when they are needed
    return { worker, workers, phasesOf, control, turns };
  });
  return { programs: shared, sources, control };
}

/** Holds a lock until the worker ends, in whatever way: then the system releases it. */
async function holdForLife(lock: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  navigator.locks.request(lock, () => {
    resolve();
    return new Promise<never>(() => {});
  });
  await promise;
}

function serve(scope: DedicatedWorkerGlobalScope): void {
  let opened: Opened | undefined;
  const answer = async (request: Request): Promise<Reply> => {
    if (request.kind === "open") {
      await holdForLife(request.lifeline);
      opened = await open(request);
      return { kind: "ready" };
    }
    const { program, from, to, sources } = request;
    const shared = opened?.programs[program];
    if (shared === undefined) throw new TypeError("Cannot run: expected to be opened first");
    opened?.sources.splice(0, sources.length, ...sources);
    return { kind: "ran", step: walkTogether(shared, from, to) };
  };
  scope.onmessage = async ({ data }: MessageEvent<Request>) => {
    try {
      scope.postMessage(await answer(data));
    } catch (error) {
      if (opened !== undefined) abort(opened.control);
      scope.postMessage({ kind: "failed", message: String(error) } satisfies Reply);
    }
  };
}

serve(globalThis as unknown as DedicatedWorkerGlobalScope);
