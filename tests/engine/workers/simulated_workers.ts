/**
 * Workers without workers: their shares of a program walked on one thread, in an order that is chosen.
 * Between two barriers each worker does all of its part before the next begins, forwards or backwards;
 * so a barrier that is missing shows every time, and not once in a thousand runs.
 *
 * @module
 */

import { compileKernels, type LocalMachine } from "../../../lib/engine/workers/machine.ts";
import { allocateMachineMemory } from "../../../lib/engine/wasm/memory_plan.ts";
import type { Plan } from "../../../lib/engine/backend.ts";
import type { Kernels } from "../../../lib/engine/workers/kernel_module.ts";
import { instantiateKernels, makePhases } from "../../../lib/engine/workers/executor.ts";

/** In which order workers come between two barriers. */
export type Order = "forwards" | "backwards";

/** Kernels in place of the engine's own, on a memory. */
export type Replace = (memory: WebAssembly.Memory, own: Kernels) => Kernels;

/** A machine whose only program is walked so. */
export function openSharedMachine(
  plan: Plan,
  order: Order,
  replace: Replace = () => ({}),
): LocalMachine {
  const { memory, spaces, programs: [main], sources } = allocateMachineMemory(plan);
  const own = instantiateKernels(compileKernels(), memory, sources);
  const kernels = { ...own, ...replace(memory, own as Kernels) };
  const phases = (main?.[1] ?? []).map((share) => makePhases(share, memory, kernels));
  const topologicalOrder = order === "forwards" ? phases : phases.toReversed();
  return {
    ...spaces,
    read: () => {},
    run() {
      const count = phases[0]?.length ?? 0;
      for (let phase = 0; phase < count; phase++) {
        topologicalOrder.forEach((walks) => walks[phase]?.(0));
      }
    },
  };
}
