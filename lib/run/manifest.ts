/**
 * manifest.json: versions, machine, times and data of a run, and the hash of each of its files. It is
 * written last, so a folder with a manifest holds a finished run.
 *
 * @module
 */
import { z } from "zod";
import { sha256 } from "../data/sha256.ts";
import { isRunName } from "./names.ts";
import { parseJson, prettyJson, takeValue } from "./json.ts";

/** The content of manifest.json. */
export interface Manifest {
  readonly run: string;
  readonly format: number;
  readonly backend: string;
  /** Versions by name: of this project, Deno, V8, TypeScript. */
  readonly versions: Readonly<Record<string, string>>;
  /** System, architecture and number of workers, as far as permissions allow to find them out. */
  readonly machine: Readonly<Record<string, string | number>>;
  /** Start and end, ISO 8601 in UTC. */
  readonly started: string;
  readonly finished: string;
  readonly data: readonly DataFile[];
  /** The files of the folder that a repetition of the run reproduces byte for byte. */
  readonly files: readonly FileHash[];
}

/** A file of the data set that a run was trained on. */
export interface DataFile {
  /** Name in the data set. */
  readonly file: string;
  /** SHA-256 of the unpacked content, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Path at which the user had the file: a hint for finding it again, not part of the run's id. */
  readonly path?: string;
}

/** Size and hash of a file. */
export interface FileHash {
  /** Path in the run folder, with "/" between its parts. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of the content, 64 hexadecimal digits. */
  readonly sha256: string;
}

const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** Other code joins these names into paths; none of them contains a separator or is "..". */
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

/** Returns the sizes and hashes of files, sorted by path. */
export function hashFiles(files: ReadonlyMap<string, Uint8Array>): readonly FileHash[] {
  return [...files].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([path, bytes]) => ({ path, bytes: bytes.length, sha256: sha256(bytes) }));
}

/** Encodes a manifest as JSON, its keys in a fixed order. */
export function encodeManifest(content: Manifest): string {
  const { run, format, backend, versions, machine, started, finished, data, files } = content;
  return prettyJson({ run, format, backend, versions, machine, started, finished, data, files });
}

/**
 * Decodes a manifest.
 *
 * @throws {SyntaxError} if the text is not a manifest
 */
export function decodeManifest(text: string, what = "manifest.json"): Manifest {
  return takeValue<Manifest>(parseJson(text, what), manifest, what);
}

/** Returns the paths of a manifest whose file is missing in `found` or has another hash. */
export function changedFiles(
  { files }: Manifest,
  found: ReadonlyMap<string, Uint8Array>,
): readonly string[] {
  return files.filter(({ path, sha256: expected }) => {
    const bytes = found.get(path);
    return bytes === undefined || sha256(bytes) !== expected;
  }).map(({ path }) => path);
}
