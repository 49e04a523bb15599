/**
 * The golden runs by another Deno than this one: of another version, or for another processor.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { output } from "./process.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Files with golden runs. */
export const GOLDEN_FILES = [
  "tests/golden/small_runs_test.ts",
  "tests/golden/runs_test.ts",
] as const;

/**
 * Runs the golden runs of a file, by 1, 2, 3 and 5 workers; returns how many tests passed.
 *
 * @param deno a program with its first arguments
 * @param filter what names of tests contain
 * @throws {Error} if one fails
 */
export async function passGolden(
  [program, ...before]: readonly [string, ...string[]],
  file: string,
  filter = "",
): Promise<number> {
  const flags = ["-A", "--no-check", "--config", `${ROOT}deno.json`, `--filter=${filter}`];
  const text = await output(program, [...before, "test", ...flags, ROOT + file]);
  const [, passed] = /^ok \| (\d+) passed/m.exec(text) ?? [];
  if (passed === undefined) throw new Error(`Cannot count tests of ${file}: received ${text}`);
  return Number(passed);
}
