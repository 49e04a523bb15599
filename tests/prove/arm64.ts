/**
 * The proof "arm64": golden runs, whose hashes come from x86-64, by Deno for arm64 under emulation.
 *
 * @module
 */
import { withArm64Deno } from "../full/arm64.ts";
import { GOLDEN_FILES, passGolden } from "./golden_runs.ts";
import { twice } from "./process.ts";
import type { Outcome, Proof, ProofOptions, Row } from "./proof.ts";

/** Seconds after which an emulated process is taken for stuck, as one now and then is, and tried again. */
const LIMIT = 3600;

/** The proof. */
export const proof: Proof = {
  name: "arm64",
  about: "Runs the golden runs by an emulated Deno for arm64",
  needsPackages: true,
  columns: ["Golden runs on arm64", "Tests passed"],
  async run({ sample, log }: ProofOptions): Promise<Outcome> {
    const [rows, failures]: [Row[], string[]] = [[], []];
    const filter = sample ? "sgd of raw bytes" : ""; // one small run
    await withArm64Deno(async (deno) => {
      for (const file of sample ? GOLDEN_FILES.slice(0, 1) : GOLDEN_FILES) {
        log(file);
        const pass = () => passGolden(["timeout", "--signal=KILL", `${LIMIT}`, deno], file, filter);
        try {
          rows.push([`\`${file}\``, await twice(pass, log)]);
        } catch (error) {
          failures.push(String(error));
        }
      }
    });
    return { rows, failures };
  },
};
