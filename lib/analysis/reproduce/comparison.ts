/**
 * Compares a finished run with a second training of the same config: all promised files, the first difference in
 * each, and the environments.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import { formatCountWithNoun } from "../../format/numbers.ts";
import { formatTable, left, NONE } from "../../format/text_table.ts";
import type { Manifest } from "../../run/manifest.ts";
import { describeFirstDifference } from "./first_difference.ts";

/** Manifest of a finished run, and the contents of its files. */
export interface FinishedFiles {
  readonly manifest: Manifest;
  /** Contents of those files that exist, by path in the run's folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** SHA-256 of a file in a run and in its reproduction, which should be equal. */
export interface ComparedFile {
  /** Path in the folders of both runs. */
  readonly path: string;
  /** SHA-256 in the run's manifest; undefined if the run has no such file. */
  readonly expected: string | undefined;
  /** SHA-256 in the manifest of the reproduction; undefined if it has no such file. */
  readonly found: string | undefined;
  /** Description of the first difference; undefined if the hashes are equal, or one of the files does not exist. */
  readonly firstDifference?: string;
}

/** Result of comparing a run with its reproduction, a second training of the same config. */
export interface Reproduction {
  /** Every file in at least one of the two manifests, sorted by path. */
  readonly files: readonly ComparedFile[];
  /** A line for each difference in versions, machine, backend or format. */
  readonly environment: readonly string[];
}

/**
 * Compares a run with its reproduction, a second training of the same config.
 *
 * @param expected files of the run
 * @param found files of the reproduction
 */
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
        ...defined({
          firstDifference: isOther ? describeFirstDifference(path, was, is) : undefined,
        }),
      };
    }),
    environment: environmentDifferences(expected.manifest, found.manifest),
  };
}

/** Returns whether every file of the manifests has the same hash in the run and in its reproduction. */
export function isReproduced({ files }: Reproduction): boolean {
  return files.every(hasSameHash);
}

function hasSameHash({ expected, found }: ComparedFile): boolean {
  return expected === found;
}

/** Properties of a machine that are not compared: no bit depends on them with the exact backend. */
const HARMLESS = ["processors", "workers"];

/** Returns a line for each property of the environment that differs. */
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

/** Number of hexadecimal digits of a hash in the table. */
const HASH_DIGITS = 12;

/**
 * Formats a comparison with a reproduction as lines: a table of files, the first differences, differing
 * environments if files differ, and a conclusion.
 */
export function formatReproduction(reproduction: Reproduction): readonly string[] {
  const { files, environment } = reproduction;
  const short = (sha256: string | undefined) => sha256?.slice(0, HASH_DIGITS) ?? NONE;
  const table = formatTable({
    columns: ["file", "expected", "found", "bytes"].map(left),
    rows: files.map((file) => [
      file.path,
      short(file.expected),
      short(file.found),
      hasSameHash(file) ? "same" : "differ",
    ]),
  });
  const firstDifferences = files.flatMap(({ path, firstDifference }) =>
    firstDifference === undefined ? [] : `${path}: ${firstDifference}`
  );
  const isWhole = isReproduced(reproduction);
  return [
    ...table,
    "",
    ...firstDifferences,
    ...(isWhole ? [] : environment.map((line) => `environment: ${line}`)),
    ...formatVerdict(reproduction),
  ];
}

/**
 * Pattern of the paths of files that have learned numbers. results.safetensors is not included, since it also
 * has the names of other runs; only for a run without model.safetensors does it count as learned.
 */
const LEARNED = /^(metrics\.jsonl|(model|observations)\.safetensors|checkpoints\/.*)$/;

/**
 * Formats the conclusion of a reproduction as one or two lines: the number of equal files and, if some differ,
 * the probable cause.
 */
function formatVerdict({ files, environment }: Reproduction): readonly string[] {
  const same = files.filter(hasSameHash).length;
  const others = files.filter((file) => !hasSameHash(file));
  const bits = `same bytes in ${same} of ${formatCountWithNoun(files.length, "file")}`;
  if (others.length === 0) return [bits];
  const hasModel = files.some(({ path }) => path === "model.safetensors");
  const isLearned = others.some(({ path }) =>
    LEARNED.test(path) || (!hasModel && path === "results.safetensors")
  );
  if (
    others.some(({ path, firstDifference }) =>
      path === "config.json" && firstDifference !== undefined
    ) && isLearned
  ) {
    return [bits, "the configs differ, so these are different trainings"];
  }
  const isOtherVersion = environment.some((line) => /^(format|ann-mlp):/.test(line));
  if (!isLearned) {
    const why = isOtherVersion
      ? "another version of the program wrote them"
      : "they were drawn again";
    return [bits, `the learned numbers are the same: only names and drawings differ: ${why}`];
  }
  const cause = isOtherVersion
    ? "the run was made by another version of the program, whose numbers differ"
    : environment.length > 0
    ? "the environments differ, but no bit should depend on them: please report it"
    : "config, data and environment agree: the run's files are not the result of its config";
  return [bits, `training differs: ${cause}`];
}
