import type { Backend } from "../engine/backend.ts";

export const VERSION = "0.1.0";

interface Surroundings {
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: Readonly<Record<string, string | number>>;
}

export function processors(): number {
  return navigator.hardwareConcurrency;
}

export function surroundings(workers: number, backend: Backend["facts"] = {}): Surroundings {
  const { deno, v8, typescript } = Deno.version;
  return {
    versions: { "ann-mlp": VERSION, deno, v8, typescript },
    machine: {
      system: Deno.build.os,
      architecture: Deno.build.arch,
      processors: processors(),
      workers,
      ...backend,
    },
  };
}
