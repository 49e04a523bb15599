/** Fuzzing: a million mutated files of each format, and a tenth of that of run folders. */
import { type Counts, fileOf, runCase } from "../fuzz/cases.ts";
import { fuzz } from "../fuzz/fuzz.ts";
import { targets } from "../fuzz/targets.ts";
import type { Proof, ProofOptions, Row } from "./proof.ts";

/** Cases of a format: run folders have many files, and their report is drawn. */
const casesOf = (name: string) => name === "run-folder" ? 100_000 : 1_000_000;

/** Divisor of the number of cases for a sample. */
const SAMPLE = 4000;

/** The proof that no file crashes or hangs its reader, whatever is in it. */
export const proof: Proof = {
  name: "fuzz",
  about: "mutated files are read or refused, in bounded time and memory",
  columns: ["format", "files", "read", "refused", "crashed, hung or otherwise wrong"],
  async run(options) {
    const rows: Row[] = [];
    const failures: string[] = [];
    for (const name of Object.keys(targets)) {
      const cases = options.sample ? casesOf(name) / SAMPLE : casesOf(name);
      const counts = options.sample
        ? await runHere(name, cases, options)
        : await fuzz(name, { cases, ...options });
      rows.push([name, cases, counts.accepted, counts.refused, counts.failures.length]);
      for (const failure of counts.failures) failures.push(failure);
    }
    return { rows, failures };
  },
};

/** Runs cases without a worker: few, which have ended before. */
async function runHere(
  name: string,
  cases: number,
  { seed }: Pick<ProofOptions, "seed">,
): Promise<Counts> {
  const target = targets[name]();
  const counts: Counts = { accepted: 0, refused: 0, failures: [] };
  for (let number = 0; number < cases; number++) {
    const file = fileOf(target, name, seed, number);
    await runCase(target, file, `case ${number} of ${name}`, counts);
  }
  return counts;
}
