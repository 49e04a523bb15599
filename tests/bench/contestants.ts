/**
 * Programs that are measured: this project, and the peers of a folder. Each is a process that prints a line
 * of JSON.
 *
 * @module
 */
import { fromFileUrl, isAbsolute, join } from "@std/path";
import { chosenV8Flags } from "../v8_flags.ts";

/** Task of a process. */
export type Mode = "train" | "e2e" | "infer";

/** A program that is measured. */
export interface Contestant {
  /** Its name in tables: "numpy-1t". */
  readonly name: string;
  /** The library that it shows, whichever variant of it: "NumPy". */
  readonly library: string;
  /** Tasks that the program supports. */
  readonly modes: readonly Mode[];
  /** Program and arguments; mode and workload are added. */
  readonly command: readonly [string, ...string[]];
  /** Folder that it runs in. */
  readonly folder?: string;
  /** Environment variables of its own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Name of this project in tables. */
export const OURS = "ann-mlp";

/** Variables that this machine may set and that slow OpenBLAS down: peers run without them. */
const SLOWING = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];

/** The environment in which all are measured, and the variables that were taken out of it. */
export function fairEnvironment(
  given: Readonly<Record<string, string>>,
): { readonly env: Readonly<Record<string, string>>; readonly removed: readonly string[] } {
  const kept = Object.entries(given).filter(([name]) => !SLOWING.includes(name));
  return {
    env: Object.fromEntries(kept),
    removed: SLOWING.filter((name) => Object.hasOwn(given, name)),
  };
}

/** Backend that computes this project's dense products. */
export type BackendName = "exact" | "blas";

/** This project, with so many workers. */
export function ours(threads: number, backend: BackendName): Contestant {
  const flags = ["--no-prompt", ...chosenV8Flags(), "--allow-read", "--allow-env=MNIST_DIR"];
  const native = backend === "blas" ? ["--allow-ffi"] : [];
  const script = fromFileUrl(new URL("./peer.ts", import.meta.url));
  return {
    name: OURS,
    library: OURS,
    modes: ["train", "e2e", "infer"],
    command: [
      ...[Deno.execPath(), "run", ...flags, ...native, script] as const,
      "--backend",
      backend,
      "--threads",
      String(threads),
    ],
  };
}

/** The Python peers: file, library, what else they are run with, and the variables they are given. */
const PYTHON = [
  { name: "numpy", file: "peer_numpy.py", library: "NumPy", env: {} },
  { name: "torch", file: "peer_torch.py", library: "PyTorch", env: {} },
  {
    name: "torch-passive",
    file: "peer_torch.py",
    library: "PyTorch",
    env: { OMP_WAIT_POLICY: "passive" },
  },
  { name: "sklearn", file: "peer_sklearn.py", library: "scikit-learn", env: {} },
] as const;

/**
 * The peers that a folder holds, each with so many threads, and with one thread too if that is fewer:
 * small networks may be faster so. onnxruntime is run as it is installed in PEERS_DIR, or in
 * ~/.cache/peers, if the folder has js/ort.mjs.
 *
 * @param python the program that runs the Python peers
 * @param env where PEERS_DIR and HOME are looked up
 * @throws {Error} if the folder holds no peer
 */
export async function peersIn(
  folder: string,
  { threads, python: interpreter, env }: {
    readonly threads: number;
    readonly python: string;
    readonly env: Readonly<Record<string, string>>;
  },
): Promise<readonly Contestant[]> {
  const counts = threads === 1 ? [1] : [threads, 1];
  // They run in the folder, from which a relative path would lead elsewhere
  const absolute = isAbsolute(folder) ? folder : join(Deno.cwd(), folder);
  const python = PYTHON.flatMap(({ name, file, library, env }) =>
    counts.map((count): Contestant => ({
      library,
      env,
      folder,
      modes: ["train", "e2e", "infer"],
      name: count === threads ? name : `${name}-1t`,
      command: [interpreter, join(absolute, file), "--threads", String(count)],
    })).filter((_, index) => index === 0 || name !== "torch-passive") // one thread waits for none
  );
  const installed = join(env.PEERS_DIR ?? join(env.HOME ?? "", ".cache", "peers"), "js");
  const onnx = ([["node"], [Deno.execPath(), "run", "-A"]] as const).map((
    runtime,
    index,
  ): Contestant => ({
    name: index === 0 ? "ort-node" : "ort-deno",
    library: "onnxruntime",
    modes: ["infer"],
    command: [...runtime, join(installed, "ort.mjs"), "--threads", String(threads)],
    folder: installed,
  }));
  const hasOnnx = await exists(join(folder, "js", "ort.mjs"));
  const found: Contestant[] = [];
  for (const peer of hasOnnx ? [...python, ...onnx] : python) {
    if (await exists(peer.command.find((word) => /\.(py|mjs)$/.test(word)) as string)) {
      found.push(peer);
    }
  }
  if (found.length > 0) return found;
  throw new Error(`Cannot find peers in "${folder}": expected peer_numpy.py or its like`);
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
