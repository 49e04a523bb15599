/**
 * Kernels that a backend adds to the engine's own, from a module that each worker imports.
 *
 * @module
 */
export type Kernel = (...arguments_: number[]) => void;

export type Kernels = Readonly<Record<string, Kernel>>;

/** A module with kernels, and the data that it needs. */
export interface KernelSource {
  /** URL of the module, see {@linkcode KernelModule}. */
  readonly module: string;
  readonly setup: unknown;
}

interface KernelModule {
  /**
   * Opens the kernels on a memory.
   *
   * @param setup data of the source
   * @param own the engine's kernels on that memory
   */
  openKernels(setup: unknown, memory: WebAssembly.Memory, own: Kernels): Promise<Kernels>;
}

/** Returns the engine's kernels on a memory, replaced or extended by those of a source, if there is one. */
export async function withKernels(
  own: WebAssembly.Exports,
  memory: WebAssembly.Memory,
  source: KernelSource | undefined,
): Promise<WebAssembly.Exports> {
  if (source === undefined) return own;
  const { openKernels } = await import(source.module) as KernelModule;
  return { ...own, ...await openKernels(source.setup, memory, own as Kernels) };
}
