/**
 * Walks programs: calls one kernel after the other. Workers import this, what they and main
 * say to each other, and nothing else of the engine; a program may as well be walked on the calling thread, to predict one sample without delay.
 *
 * @module
 */

/** A program bound to a memory: every argument is a number. */
export interface BoundProgram {
  /** In the order in which they run. */
  readonly calls: readonly BoundCall[];
  /** The loops that were emitted for the program. */
  readonly loops: WebAssembly.Module;
}

/** A call of a kernel or loop. */
export interface BoundCall {
  /** Name of a kernel or loop. */
  readonly kernel: string;
  /** Arguments at step 0. */
  readonly arguments: readonly number[];
  /** What each argument grows by from step to step. */
  readonly strides: readonly number[];
}

/** Computes one step of a program; steps count from 0 within a segment. */
export type Walk = (step: number) => void;

type Kernel = (...arguments_: number[]) => void;

/**
 * Makes a bound program ready to be walked in a memory.
 *
 * @throws {TypeError} if it calls a kernel that does not exist
 */
export function makeWalk(
  program: BoundProgram,
  memory: WebAssembly.Memory,
  kernels: WebAssembly.Exports,
): Walk {
  const loops = new WebAssembly.Instance(program.loops, { env: { memory } }).exports;
  const calls = program.calls.map(({ kernel, arguments: base, strides }) => {
    const run = loops[kernel] ?? kernels[kernel];
    if (typeof run !== "function") {
      throw new TypeError(`Cannot walk: expected the name of a kernel: received "${kernel}"`);
    }
    const moving = strides.flatMap((stride, index) => stride === 0 ? [] : [index]);
    return { run: run as Kernel, base, strides, moving, now: [...base] };
  });
  return (step) => {
    for (const { run, base, strides, moving, now } of calls) {
      for (const index of moving) {
        now[index] = (base[index] as number) + step * (strides[index] as number);
      }
      run(...now);
    }
  };
}

/** Instantiates the kernels on a memory. */
export function instantiateKernels(
  kernels: WebAssembly.Module,
  memory: WebAssembly.Memory,
): WebAssembly.Exports {
  return new WebAssembly.Instance(kernels, { env: { memory } }).exports;
}
