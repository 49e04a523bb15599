/**
 * manifest.json: what a run was made with, and the hash of each of its files. It is written last:
 * a folder that has one holds a finished run.
 *
 * @module
 */
import { z } from "zod";
import { sha256 } from "../data/sha256.ts";
import { isRunName } from "./names.ts";
import { parseJson, prettyJson, takeValue } from "./json.ts";

export interface Manifest {
  readonly run: string;
  readonly format: number;
  readonly backend: string;
  /** Versions by name: of this project, Deno, V8, TypeScript. */
  readonly versions: Readonly<Record<string, string>>;
  /** The machine, as far as it may be known: system, architecture, number of workers. */
  readonly machine: Readonly<Record<string, string | number>>;
  /** Start and end, ISO 8601 in UTC. */
  readonly started: string;
  readonly finished: string;
  readonly data: readonly DataFile[];
  /** Every other file of the folder that is the same each time, by its path in the folder. */
  readonly files: readonly FileHash[];
}

/** A file of the data set that a run was made with. */
export interface DataFile {
  /** Name in the data set. */
  readonly file: string;
  /** SHA-256 of the unpacked content, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Where the user had it: a first guess at where it is, and no part of the run's identity. */
  readonly path?: string;
}

export interface FileHash {
  /** Path in the run folder, with "/" between its parts. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of the content, 64 hexadecimal digits. */
  readonly sha256: string;
}

const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** Paths are made of these names, so they lead nowhere else. */
const runName = z.string().refine(isRunName, "expected the name of a run");
const fileName = z.string().regex(/^\w[\w.-]*$/);

const manifest = z.strictObject({
  run: runName,
  format: z.int().min(1),
  backend: z.string(),
  versions: z.record(z.string(), z.string()),
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
  started: z.string(),
  finished: z.string(),
  data: z.array(
    z.strictObject({ file: fileName, sha256: digest, path: z.string().exactOptional() }),
  ),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.int().min(0), sha256: digest })),
});

/** Sizes and hashes of files, sorted by their paths. */
export function hashFiles(files: ReadonlyMap<string, Uint8Array>): readonly FileHash[] {
  return [...files].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([path, bytes]) => ({ path, bytes: bytes.length, sha256: sha256(bytes) }));
}

export function encodeManifest(given: Manifest): string {
  const { run, format, backend, versions, machine, started, finished, data, files } = given;
  return prettyJson({ run, format, backend, versions, machine, started, finished, data, files });
}

export function decodeManifest(text: string, what = "manifest.json"): Manifest {
  return takeValue<Manifest>(parseJson(text, what), manifest, what);
}

/** Paths of a manifest whose content is missing in the given files or has another hash. */
export function changedFiles(
  { files }: Manifest,
  found: ReadonlyMap<string, Uint8Array>,
): readonly string[] {
  return files.filter(({ path, sha256: expected }) => {
    const bytes = found.get(path);
    return bytes === undefined || sha256(bytes) !== expected;
  }).map(({ path }) => path);
}
