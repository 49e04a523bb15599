/**
 * manifest.json: versions, machine, times and data of a run, and the hash of each file of its folder. It is
 * written last, so a folder with a manifest holds a finished run.
 *
 * @module
 */
import { z } from "zod";
import { sha256 } from "../data/sha256.ts";
import { isRunName } from "./names.ts";
import { parseJson, prettyJson, validateValue } from "./json.ts";

/** The content of manifest.json. */
export interface Manifest {
  /** Name of the run folder. */
  readonly run: string;
  /** Version of the meaning of configs, see {@linkcode FORMAT_VERSION}. */
  readonly format: number;
  /** Backend that computed the results. */
  readonly backend: string;
  /** Versions by name: of this project, Deno, V8, TypeScript. */
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Operating system, architecture and number of workers, as far as permissions allow the program to read
   * them.
   */
  readonly machine: Readonly<Record<string, string | number>>;
  /** Time at which the run started, ISO 8601 in UTC. */
  readonly started: string;
  /** Time at which the run finished, ISO 8601 in UTC. */
  readonly finished: string;
  /** Files of the data set. */
  readonly data: readonly DataFile[];
  /** Files of the run folder that are the same bytes in every repetition of the run. */
  readonly files: readonly FileHash[];
}

/** A file of the data set that a run was trained on. */
export interface DataFile {
  /** Name of the file in the data set. */
  readonly file: string;
  /** SHA-256 of the decompressed content, 64 hexadecimal digits. */
  readonly sha256: string;
  /**
   * Path from which the user loaded the file. It helps to find the file again, and is not part of the run's
   * id.
   */
  readonly path?: string;
}

/** Size and hash of a file. */
export interface FileHash {
  /** Path of the file in the run folder, with "/" as separator. */
  readonly path: string;
  /** Size of the file in bytes. */
  readonly bytes: number;
  /** SHA-256 of the content, 64 hexadecimal digits. */
  readonly sha256: string;
}

const digest = z.string().regex(/^[0-9a-f]{64}$/);
/**
 * Schema of a run's name. Other code joins names into paths, so no name may contain a separator or be "..".
 */
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

/**
 * Returns the size and SHA-256 of each file, sorted by path. `files` has the content of each file by its
 * path.
 */
export function hashFiles(files: ReadonlyMap<string, Uint8Array>): readonly FileHash[] {
  return [...files].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([path, bytes]) => ({ path, bytes: bytes.length, sha256: sha256(bytes) }));
}

/** Encodes a manifest as the text of manifest.json, with keys in a fixed order. */
export function encodeManifest(content: Manifest): string {
  const { run, format, backend, versions, machine, started, finished, data, files } = content;
  return prettyJson({ run, format, backend, versions, machine, started, finished, data, files });
}

/**
 * Decodes the text of a manifest.json.
 *
 * @throws {SyntaxError} if the text is not a manifest
 */
export function decodeManifest(text: string, source = "manifest.json"): Manifest {
  return validateValue<Manifest>(parseJson(text, source), manifest, source);
}

/**
 * Returns the paths of the files that a manifest lists and that are missing from `contents` or have another
 * hash there. `contents` has the content of each file by its path in the run folder.
 */
export function changedFiles(
  { files }: Manifest,
  contents: ReadonlyMap<string, Uint8Array>,
): readonly string[] {
  return files.filter(({ path, sha256: expected }) => {
    const bytes = contents.get(path);
    return bytes === undefined || sha256(bytes) !== expected;
  }).map(({ path }) => path);
}
