/**
 * Compares a run with the same run trained again: file by file, where a difference begins, and what
 * differs in the environment.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import { formatCounted } from "../../format/numbers.ts";
import { formatTable, left, NONE } from "../../format/text_table.ts";
import type { Manifest } from "../../run/manifest.ts";
import { beginningOf } from "./beginning.ts";

/** A finished run: its manifest, and those of its files that there are. */
export interface FinishedFiles {
  readonly manifest: Manifest;
  /** Contents by paths in the folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** A promised file of two runs that should be the same. */
export interface ComparedFile {
  readonly path: string;
  /** SHA-256 as the manifest of the run has it; undefined if the run has no such file. */
  readonly expected: string | undefined;
  /** SHA-256 of the run that was trained again. */
  readonly found: string | undefined;
  /** Where the contents begin to differ; undefined if they are equal, or one of them is not there. */
  readonly begins?: string;
}

export interface Reproduction {
  readonly files: readonly ComparedFile[];
  /** Differences in versions, machine, backend or format, a line each. */
  readonly environment: readonly string[];
}

/** Compares a run with one that was trained again from its config. */
export function compareReproduction(expected: FinishedFiles, found: FinishedFiles): Reproduction {
  const hashesOf = ({ manifest }: FinishedFiles) =>
    new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]));
  const [before, now] = [hashesOf(expected), hashesOf(found)];
  const paths = [...new Set([...before.keys(), ...now.keys()])].sort();
  return {
    files: paths.map((path) => {
      const hashes = { path, expected: before.get(path), found: now.get(path) };
      const contents = [expected.files.get(path), found.files.get(path)] as const;
      const [was, is] = contents;
      const isOther = hashes.expected !== hashes.found && was !== undefined && is !== undefined;
      return {
        ...hashes,
        ...defined({ begins: isOther ? beginningOf(path, was, is) : undefined }),
      };
    }),
    environment: environmentDifferences(expected.manifest, found.manifest),
  };
}

/** Whether all bytes agree. */
export function isReproduced({ files }: Reproduction): boolean {
  return files.every(isEqual);
}

function isEqual({ expected, found }: ComparedFile): boolean {
  return expected === found;
}

/** Facts of a machine on which no bit depends, unless a BLAS library computes. */
const HARMLESS = ["processors", "workers"];

function environmentDifferences(expected: Manifest, found: Manifest): readonly string[] {
  const factsOf = ({ format, backend, versions, machine }: Manifest) => {
    const bare = Object.entries(machine).filter(([name]) => !HARMLESS.includes(name));
    return new Map<string, string | number>([
      ["format", format],
      ["backend", backend],
      ...Object.entries(versions),
      ...bare,
    ]);
  };
  const [before, now] = [factsOf(expected), factsOf(found)];
  return [...new Set([...before.keys(), ...now.keys()])]
    .filter((name) => before.get(name) !== now.get(name))
    .map((name) => `${name}: expected ${before.get(name) ?? NONE}, found ${now.get(name) ?? NONE}`);
}

/** Digits of a hash that are printed. */
const HASH_DIGITS = 12;

/** Returns the lines that a reproduction is printed as: files, differences, environment, verdict. */
export function reproductionLines(reproduction: Reproduction): readonly string[] {
  const { files, environment } = reproduction;
  const short = (sha256: string | undefined) => sha256?.slice(0, HASH_DIGITS) ?? NONE;
  const table = formatTable({
    columns: ["file", "expected", "found", "bytes"].map(left),
    rows: files.map((file) => [
      file.path,
      short(file.expected),
      short(file.found),
      isEqual(file) ? "same" : "differ",
    ]),
  });
  const begins = files.flatMap(({ path, begins }) =>
    begins === undefined ? [] : `${path}: ${begins}`
  );
  const isWhole = isReproduced(reproduction);
  return [
    ...table,
    "",
    ...begins,
    ...(isWhole ? [] : environment.map((line) => `environment: ${line}`)),
    ...verdictOf(reproduction),
  ];
}

/** Files that hold what was learned; results hold names of other runs, too, and count if nothing else does. */
const LEARNED = /^(metrics\.jsonl|(model|observations)\.safetensors|checkpoints\/.*)$/;

/** Returns what a reproduction comes to, in a sentence or two. */
function verdictOf({ files, environment }: Reproduction): readonly string[] {
  const same = files.filter(isEqual).length;
  const others = files.filter((file) => !isEqual(file));
  const bits = `same bytes in ${same} of ${formatCounted(files.length, "file")}`;
  if (others.length === 0) return [bits];
  const hasModel = files.some(({ path }) => path === "model.safetensors");
  const isLearned = others.some(({ path }) =>
    LEARNED.test(path) || (!hasModel && path === "results.safetensors")
  );
  if (
    others.some(({ path, begins }) => path === "config.json" && begins !== undefined) && isLearned
  ) {
    return [bits, "the configs differ, so these are two trainings"];
  }
  const isOtherVersion = environment.some((line) => /^(format|ann-mlp):/.test(line));
  if (!isLearned) {
    const why = isOtherVersion
      ? "another version names or draws them in another way"
      : "they were drawn anew";
    return [bits, `what was learned is the same: only names and drawings differ: ${why}`];
  }
  const cause = isOtherVersion
    ? "another version of the program made the run: its numbers are others"
    : environment.length > 0
    ? "the environments differ, on which no bit should depend: please report it"
    : "config, data and environment agree: the run's files are not what its config makes";
  return [bits, `training differs: ${cause}`];
}
