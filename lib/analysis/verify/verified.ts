/**
 * Known results of a recipe: the runs of its seeds with their mistakes and file hashes, and the comparison
 * with a run that was trained again.
 *
 * @module
 */
import { z } from "zod";
import { jsonLines, parseJsonLines, validateValue } from "../../run/json.ts";
import { formatPercent, PLAIN } from "../../format/percent.ts";

const verifiedRun = z.strictObject({
  seed: z.int().min(0),
  /** Name of its folder, derived from config and data. */
  run: z.string(),
  parameters: z.int().min(0),
  /** Samples of the test split. */
  samples: z.int().min(1),
  mistakes: z.int().min(0),
  /** The model file; of an ensemble the summary, which names no other run. */
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A run of a recipe, known or trained again. */
export type VerifiedRun = Readonly<z.infer<typeof verifiedRun>>;

/** Encodes runs.jsonl of a recipe: a line for each seed. */
export function encodeVerifiedRuns(runs: readonly VerifiedRun[]): string {
  return jsonLines(
    runs.map(({ seed, run, parameters, samples, mistakes, file, sha256 }) => (
      { seed, run, parameters, samples, mistakes, file, sha256 }
    )),
  );
}

export function decodeVerifiedRuns(text: string, what: string): readonly VerifiedRun[] {
  return parseJsonLines(text, what).map((line) =>
    validateValue<VerifiedRun>(line, verifiedRun, what)
  );
}

export function testAccuracy({ samples, mistakes }: VerifiedRun): number {
  return (samples - mistakes) / samples;
}

/** Returns the faults of a run; `expected` is the known run of the same seed. */
export function faultsOf(
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
    wrong(`${file} with the SHA-256 ${shortened(sha256)}`, shortened(found.sha256));
  }
  return faults;
}

function shortened(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}
