/**
 * Drawing the report of a run.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFileAtomic } from "../lib/io/files.ts";
import { drawings } from "../lib/report/mod.ts";
import { FILES } from "../lib/run/folder.ts";
import type { RunRecord } from "../lib/run/record.ts";
import { readRecord } from "./finished_run.ts";

/** The report and its parts, as files. */
export function drawn(record: RunRecord): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const { report, charts } = drawings(record);
  return new Map([
    [FILES.report, utf8(report)],
    ...charts.map(({ name, svg }) => [`${FILES.charts}/${name}.svg`, utf8(svg)] as const),
  ]);
}

/**
 * Draws the report of a finished run again; returns its path.
 *
 * @throws {Error} if the folder holds no finished run, or what is drawn was changed
 */
export async function drawRun(path: string): Promise<string> {
  for (const [name, content] of drawn(await readRecord(path))) {
    await writeFileAtomic(join(path, name), content);
  }
  return join(path, FILES.report);
}
