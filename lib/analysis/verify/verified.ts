/**
 * Stores the known results of a recipe, one run for each seed, and compares them with runs that are trained again.
 *
 * @module
 */
import { z } from "zod";
import { jsonLines, parseJsonLines, validateValue } from "../../run/json.ts";
import { formatPercent, PLAIN } from "../../format/percent.ts";

const verifiedRun = z.strictObject({
  seed: z.int().min(0),
  /** Name of the run's folder, derived from config and data. */
  run: z.string(),
  parameters: z.int().min(0),
  /** Number of samples in the test split. */
  samples: z.int().min(1),
  mistakes: z.int().min(0),
  /** Name of the hashed file: the model, or for an ensemble the summary. */
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Results of a run of a recipe: a known run, whose results are stored, or one that was trained again. */
export type VerifiedRun = Readonly<z.infer<typeof verifiedRun>>;

/** Encodes runs.jsonl, the known runs of a recipe, with a line for each seed. */
export function encodeVerifiedRuns(runs: readonly VerifiedRun[]): string {
  return jsonLines(
    runs.map(({ seed, run, parameters, samples, mistakes, file, sha256 }) => (
      { seed, run, parameters, samples, mistakes, file, sha256 }
    )),
  );
}

/**
 * Decodes runs.jsonl, the known runs of a recipe. Throws if a line is not a valid run.
 *
 * @param fileName name of the file, for messages
 */
export function decodeVerifiedRuns(text: string, fileName: string): readonly VerifiedRun[] {
  return parseJsonLines(text, fileName).map((line) =>
    validateValue<VerifiedRun>(line, verifiedRun, fileName)
  );
}

/** Returns the accuracy of a run on the test split, 0 to 1. */
export function testAccuracy({ samples, mistakes }: VerifiedRun): number {
  return (samples - mistakes) / samples;
}

/**
 * Compares a run with the known run of the same seed and with the accuracy that its recipe promises. Returns a
 * line for each fault; a seed without a known run is one.
 *
 * @param floor smallest permitted test accuracy, 0 to 1
 * @param expected known run of the same seed; undefined if there is none
 */
export function findFaults(
  found: VerifiedRun,
  { floor, expected }: { readonly floor: number; readonly expected: VerifiedRun | undefined },
): readonly string[] {
  const faults: string[] = [];
  const accuracy = testAccuracy(found);
  const wrong = (expected: string, received: string | number) =>
    void faults.push(`expected ${expected}: received ${received}`);
  if (accuracy < floor) {
    wrong(
      `an accuracy of at least ${formatPercent(floor, 2, PLAIN)}`,
      formatPercent(accuracy, 2, PLAIN),
    );
  }
  if (expected === undefined) {
    wrong("a seed with a known run", found.seed);
    return faults;
  }
  const { run, mistakes, file, sha256 } = expected;
  if (found.run !== run) wrong(`the run "${run}", of that config and data`, `"${found.run}"`);
  if (found.mistakes !== mistakes) wrong(`${mistakes} mistakes`, found.mistakes);
  if (found.sha256 !== sha256) {
    wrong(`${file} with the SHA-256 ${shortenHash(sha256)}`, shortenHash(found.sha256));
  }
  return faults;
}

function shortenHash(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}
