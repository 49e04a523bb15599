/**
 * Backends: who computes. The engine's own kernels give the same bits everywhere; a backend puts others
 * in the place of some of them, in the same programs and workers.
 *
 * @module
 */

/** Kernels that workers call in place of the engine's own of the same names. */
export interface Backend {
  /** All that the bits depend on besides the number of workers: what runs are told apart by. */
  readonly name: string;
  /** Whether weights of dense products lie best in panels, as the engine's own kernels read them. */
  readonly densePanels: boolean;
  /** URL of the module that each worker loads for its kernels; see {@linkcode BackendModule}. */
  readonly module: string;
  /** What the module is given: plain data. */
  readonly setup: unknown;
}

/** A function that programs call with numbers. */
export type Kernel = (...arguments_: number[]) => void;

/** Functions of a memory by name. */
export type Kernels = Readonly<Record<string, Kernel>>;

/** What a module of a backend exports. */
export interface BackendModule {
  /**
   * Opens the backend's kernels on a memory.
   *
   * @param setup what the backend was made with
   * @param own the engine's kernels on that memory, for what is better left to them
   */
  openKernels(setup: unknown, memory: WebAssembly.Memory, own: Kernels): Kernels;
}

/** The kernels of a memory: the engine's own, and a backend's in place of some of them. */
export async function withBackend(
  own: WebAssembly.Exports,
  memory: WebAssembly.Memory,
  backend: Backend | undefined,
): Promise<WebAssembly.Exports> {
  if (backend === undefined) return own;
  const { openKernels } = await import(backend.module) as BackendModule;
  return { ...own, ...openKernels(backend.setup, memory, own as Kernels) };
}
