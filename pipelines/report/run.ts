import { printLine } from "../../lib/io/print.ts";
import { basename, dirname, join, resolve } from "@std/path";
import { listNamesSync, readFileIfAny, removeFile, writeFileAtomic } from "../../lib/io/files.ts";
import { writeResultFolder } from "../../lib/io/results/result_folder.ts";
import { panels } from "../../lib/report/mod.ts";
import { drawEnvironment } from "../../lib/report/environment/environment.ts";
import { FILES } from "../../lib/run/folder.ts";
import { encodeManifest, type FileHash, hashFiles } from "../../lib/run/manifest.ts";
import { decodeTiming, type RunTiming } from "../../lib/run/timing.ts";
import type { InvocationOf } from "../cli/declaration.ts";
import { isWritable, UsageError } from "../cli/options.ts";
import { writePngBeside, writePngsBeside } from "../cli/printing.ts";
import { openRun } from "../experiment/open_run.ts";
import { readFinished, readRecord } from "../experiment/read_run.ts";
import { reportFiles } from "../experiment/write_run.ts";
import type { command } from "../report.ts";

export async function run(
  { positionals: [named], options: { panels, output, png }, startup }: InvocationOf<typeof command>,
): Promise<void> {
  const drawn = panels === undefined ? undefined : parsePanelNames(panels);
  const path = await openRun(named, startup);
  if (output !== undefined) {
    const report = reportFiles(await readRecord(path), drawn).get(FILES.report);
    await writeFileAtomic(output, report as Uint8Array);
    await writePngBeside(output, png);
    printLine(output);
    return;
  }
  if (!isWritable(path)) {
    throw new Error(
      `Cannot draw into run "${path}": expected a run in ${startup.outputs}/, the only folder that this ` +
        `program may write to: draw its report there: --output ${startup.outputs}/${
          basename(resolve(path))
        }.svg`,
    );
  }
  const report = await redrawRun(path, drawn);
  await writePngsBeside(path, png);
  printLine(report);
}

/** Splits the text after `--panels` at commas into names. Throws a usage error if there is no such panel. */
function parsePanelNames(text: string): readonly string[] {
  const [known, names] = [Object.keys(panels), text.split(",")];
  if (names.every((name) => known.includes(name))) return names;
  throw new UsageError(`expected panels out of ${known.join(", ")}: received "${text}"`);
}

/**
 * Draws the report, its charts and the environment of the finished run at a path again. Returns the report's
 * path. The hashes of the new drawings are written to the manifest, so that the run stays finished even if
 * another version of the program draws it. Charts that are no longer drawn are removed.
 *
 * @param panels names of the panels to draw. Defaults to all for which the run has data
 */
async function redrawRun(path: string, panels?: readonly string[]): Promise<string> {
  const { manifest } = await readFinished(path, []);
  const files = reportFiles(await readRecord(path), panels);
  const isKept = ({ path }: FileHash) => path !== FILES.report && dirname(path) !== FILES.charts;
  const hashes = [...manifest.files.filter(isKept), ...hashFiles(files)];
  const sorted = hashes.sort((a, b) => a.path < b.path ? -1 : 1);
  const content = encodeManifest({ ...manifest, files: sorted });
  const environment = drawEnvironment(manifest.run, {
    ...manifest,
    timing: await readTiming(path),
  });
  await writeResultFolder(path, [
    ...files,
    [FILES.manifest, content],
    [FILES.environment, environment],
  ]);
  for (const name of listNamesSync(join(path, FILES.charts))) {
    const chart = `${FILES.charts}/${name}`;
    if (name.endsWith(".svg") && !files.has(chart)) await removeFile(join(path, chart));
  }
  await removeFile(join(path, FORMER_ENVIRONMENT));
  return join(path, FILES.report);
}

/** Name that environment.svg had before format 4. */
const FORMER_ENVIRONMENT = "surroundings.svg";

/**
 * Reads the times of the run at a path. They are empty if the file is missing, which a finished run allows.
 */
async function readTiming(path: string): Promise<RunTiming> {
  const file = join(path, FILES.timing);
  const bytes = await readFileIfAny(file, "run");
  if (bytes === undefined) return { stages: [] };
  return decodeTiming(new TextDecoder().decode(bytes), `"${file}"`);
}
