/** A kernel, whose arguments are addresses in bytes and other numbers. */
export type Kernel = (...arguments_: number[]) => void;

/** Kernels by name. */
export type Kernels = Readonly<Record<string, Kernel>>;

/** A module with kernels that replace or extend the engine's own, and the data that it needs. */
export interface KernelSource {
  /** URL of the module, see {@linkcode KernelModule}. */
  readonly module: string;
  /** Data that the module receives; cloneable, since workers receive them in messages. */
  readonly setup: unknown;
}

/** What the module of a {@linkcode KernelSource} exports. */
interface KernelModule {
  /**
   * Returns the module's kernels on a memory, by name.
   *
   * @param setup data of the source
   * @param engineKernels the engine's kernels on that memory
   */
  openKernels(
    setup: unknown,
    memory: WebAssembly.Memory,
    engineKernels: Kernels,
  ): Promise<Kernels>;
}

/** Returns the engine's kernels on a memory, replaced or extended by those of `source` if there is one. */
export async function extendKernels(
  engineKernels: WebAssembly.Exports,
  memory: WebAssembly.Memory,
  source: KernelSource | undefined,
): Promise<WebAssembly.Exports> {
  if (source === undefined) return engineKernels;
  const { openKernels } = await import(source.module) as KernelModule;
  return { ...engineKernels, ...await openKernels(source.setup, memory, engineKernels as Kernels) };
}
