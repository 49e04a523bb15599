/**
 * Writing what a run has come to.
 *
 * @module
 */
import type { Dataset } from "../../lib/data/dataset.ts";
import type { Backend } from "../../lib/engine/backend.ts";
import type { RunFolder } from "../../lib/io/run_folder.ts";
import { surroundings } from "../../lib/io/environment.ts";
import { drawings, surroundingsReport } from "../../lib/report/mod.ts";
import { encodeRun, FILES } from "../../lib/run/folder.ts";
import { FORMAT_VERSION } from "../../lib/run/identity.ts";
import { encodeManifest, hashFiles } from "../../lib/run/manifest.ts";
import { encodeModel, type Model } from "../../lib/run/model.ts";
import type { RunRecord } from "../../lib/run/record.ts";
import { encodeTiming, type RunTiming } from "../../lib/run/timing.ts";
import { isReported, type Reporting } from "./record.ts";

/** What is known of a run besides its record. */
interface Facts {
  /** What was trained; a committee has no model of its own. */
  readonly model?: Model;
  /** The data set's files. */
  readonly data: Dataset["hashes"];
  /** Who computed. */
  readonly backend: string;
  /** Facts about the backend, if it is not the exact one. */
  readonly backendFacts?: Backend["facts"] | undefined;
  /** How many workers shared the work. */
  readonly workers: number;
  /** When the run was started, or gone on with for the last time. */
  readonly started: Date;
  /** How long it took. */
  readonly timing: RunTiming;
}

/** Writes results, model and report; and last the manifest, which makes the run a finished one. */
export async function writeRun(folder: RunFolder, record: RunRecord, facts: Facts): Promise<void> {
  const { model, data, backend, backendFacts, workers, started, timing } = facts;
  const files = new Map<string, Uint8Array<ArrayBuffer>>([
    ...encodeRun(record),
    ...(model === undefined ? [] : [[FILES.model, encodeModel(model)] as const]),
    ...(isReported(record.config as Reporting) ? reportFiles(record) : []),
  ]);
  for (const [name, content] of files) await folder.write(name, content);
  const times = { started: started.toISOString(), finished: new Date().toISOString() };
  const around = { ...surroundings(workers, backendFacts), ...times };
  await folder.write(FILES.timing, encodeTiming(timing));
  await folder.write(
    FILES.surroundings,
    surroundingsReport(record.run, { ...around, timing }),
  );
  const hashed = new Map([...files, ...await folder.checkpointFiles()]);
  const about = { run: record.run, format: FORMAT_VERSION, backend, ...around, data };
  await folder.write(FILES.manifest, encodeManifest({ ...about, files: hashFiles(hashed) }));
}

/** The report and its parts, as files: these panels, or those that the run's config asks for. */
export function reportFiles(
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
