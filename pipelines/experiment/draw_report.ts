/**
 * Drawing the report of a run.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { readFileIfAny, removeFile, writeFileAtomic } from "../../lib/io/files.ts";
import { drawings, surroundingsReport } from "../../lib/report/mod.ts";
import { FILES } from "../../lib/run/folder.ts";
import { encodeManifest, type FileHash, hashFiles } from "../../lib/run/manifest.ts";
import type { RunRecord } from "../../lib/run/record.ts";
import { decodeTiming, type RunTiming } from "../../lib/run/timing.ts";
import { readFinished, readRecord } from "./finished_run.ts";

/** The report and its parts, as files: these panels, or those that the run's config asks for. */
export function drawn(
  record: RunRecord,
  panels?: readonly string[],
): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const { report, charts } = drawings(record, panels);
  return new Map([
    [FILES.report, utf8(report)],
    ...charts.map(({ name, svg }) => [`${FILES.charts}/${name}.svg`, utf8(svg)] as const),
  ]);
}

/**
 * Draws the report of a finished run again, and its surroundings; returns the report's path. The manifest
 * then has the hashes of the new drawings, so that the run stays a finished one when another version has drawn it. Charts that are not
 * drawn any more are removed.
 *
 * @param path the run's folder
 * @param panels names of the panels to draw; those that the run's config asks for if not given
 * @throws {Error} if the folder holds no finished run, or what is drawn was changed
 */
export async function drawRun(path: string, panels?: readonly string[]): Promise<string> {
  const { manifest } = await readFinished(path, []);
  const files = drawn(await readRecord(path), panels);
  for (const [name, content] of files) await writeFileAtomic(join(path, name), content);
  const isKept = ({ path }: FileHash) => path !== FILES.report && dirname(path) !== FILES.charts;
  const hashes = [...manifest.files.filter(isKept), ...hashFiles(files)];
  const sorted = hashes.sort((a, b) => a.path < b.path ? -1 : 1);
  const content = encodeManifest({ ...manifest, files: sorted });
  await writeFileAtomic(join(path, FILES.manifest), content);
  const surroundings = surroundingsReport(manifest.run, {
    ...manifest,
    timing: await readTiming(path),
  });
  await writeFileAtomic(join(path, FILES.surroundings), new TextEncoder().encode(surroundings));
  for (const { path: name } of manifest.files) {
    if (dirname(name) === FILES.charts && !files.has(name)) await removeFile(join(path, name));
  }
  return join(path, FILES.report);
}

/** How long a run took; nothing is known of it if the file is gone, which no manifest promises. */
async function readTiming(path: string): Promise<RunTiming> {
  const file = join(path, FILES.timing);
  const bytes = await readFileIfAny(file, "run");
  if (bytes === undefined) return { stages: [] };
  return decodeTiming(new TextDecoder().decode(bytes), `"${file}"`);
}
