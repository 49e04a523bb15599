/**
 * What a run came to, in a few lines.
 *
 * @module
 */
import { join } from "@std/path";
import { summarize } from "../lib/evaluate/mod.ts";
import { readRunFiles } from "../lib/io/run_folder.ts";
import { decodeRun, FILES, RECORD_FILES } from "../lib/run/folder.ts";
import type { Evaluation, RunRecord } from "../lib/run/record.ts";
import { percent } from "./view.ts";

/** Reads the record of a finished run. */
export async function readRecord(path: string): Promise<RunRecord> {
  const name = path.split(/[\\/]/).filter((part) => part !== "").at(-1) ?? path;
  return decodeRun(name, await readRunFiles(path, RECORD_FILES));
}

/** A line for each evaluated part, and where the report is. */
export async function outcome(path: string): Promise<readonly string[]> {
  const { evaluations, classes, note } = await readRecord(path);
  const lines = evaluations.map((evaluation) => evaluationLine(evaluation, classes));
  return [...lines, ...(note === undefined ? [] : [note]), `report: ${join(path, FILES.report)}`];
}

/** The figures of an evaluated part in a line. */
export function evaluationLine(evaluation: Evaluation, classes: readonly string[]): string {
  const { accuracy, interval, mistakes, samples, loss } = summarize(evaluation, classes);
  const range = interval === null ? "" : ` (95 %: ${interval.map(percent).join(" to ")})`;
  return `${evaluation.part}: accuracy ${percent(accuracy ?? NaN)}${range}, ` +
    `${mistakes} mistakes in ${samples}, loss ${loss?.toFixed(4) ?? "-"}`;
}
