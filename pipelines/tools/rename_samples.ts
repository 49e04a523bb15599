/**
 * Renames the runs of samples after the format version was raised, which changes their ids but not their
 * models.
 *
 * A sample's name must be derived from its config by the previous version, so that no run with another
 * meaning is renamed. Keys of configs get their present names. Files that are not part of the sample and name
 * the run or hold a renamed field are dropped from the sample's manifest until the recipe is trained again.
 *
 * @module
 */
import { join } from "@std/path";
import { recipes } from "../../lib/analysis/verify/recipes.ts";
import { decodeVerifiedRuns, encodeVerifiedRuns } from "../../lib/analysis/verify/verified.ts";
import { FORMER_NAMES, renameFormerConfigKeys } from "../../lib/config/former_names.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import { listNamesSync, readFile, readFileIfAny, writeFileAtomic } from "../../lib/io/files.ts";
import { FILES } from "../../lib/run/folder.ts";
import { collectionId, FORMAT_VERSION, runId } from "../../lib/run/identity.ts";
import { runName } from "../../lib/run/names.ts";
import { prettyJson } from "../../lib/run/json.ts";
import {
  decodeManifest,
  encodeManifest,
  type FileHash,
  hashFiles,
} from "../../lib/run/manifest.ts";
import { crc32 } from "../../lib/plot/png.ts";
import { readConfigFile, readGridFile } from "../experiment/config_file.ts";
import { stageOptionsOf } from "../experiment/read_run.ts";
import { type ExperimentConfig, experimentSchema } from "../experiment/stage_table.ts";

/** Map from the old names of runs to their new names. */
type Names = ReadonlyMap<string, string>;

/**
 * Renames the runs of all samples. Returns a line for each recipe and sweep, to print.
 *
 * @param programFolder folder of the program, with its configs and samples
 */
export async function renameSamples(programFolder: string): Promise<readonly string[]> {
  const folder = join(programFolder, "outputs/samples");
  const configs = join(programFolder, "configs");
  const lines: string[] = [];
  const names = new Map(recipeRunNames(configs));
  for (const name of Object.keys(recipes)) {
    const path = join(folder, name);
    await renameRuns(path, names);
    lines.push(`${name}: ${await renameSample(path, names)}`);
  }
  for (const name of listSweepConfigs(configs)) {
    const runs = gridRunNames(join(configs, "sweeps", `${name}.json`), "sweep");
    for (const file of ["runs.jsonl", "settings.jsonl"]) {
      await rewriteFile(
        join(folder, "sweeps", name, file),
        (text) => withPresentPaths(replaceNames(text, runs)),
      );
    }
    await rewriteFile(join(folder, "sweeps", name, "sweep.json"), withPresentKeys);
    await rewriteFile(
      join(folder, "sweeps", name, "figure.svg"),
      (svg) => updateIds(withPresentPaths(svg)),
    );
    lines.push(`sweeps/${name}: ${runs.size} runs`);
  }
  return lines;
}

/** Returns the names, without extension, of all configs in the subfolder sweeps/ of a folder of configs. */
function listSweepConfigs(configs: string): readonly string[] {
  return listNamesSync(join(configs, "sweeps"))
    .flatMap((name) => /^(.*)\.json$/.exec(name)?.[1] ?? []).sort();
}

/**
 * Returns pairs of the old and the new name of all runs of recipes, ensembles and their members; `configs` is
 * the folder of the recipes' configs.
 */
function recipeRunNames(configs: string): readonly (readonly [string, string])[] {
  return Object.entries(recipes).flatMap(([name, { seeds }]) => {
    const path = join(configs, `${name}.json`);
    const { ensemble, name: title } = readConfigFile(path, []);
    if (ensemble !== undefined) {
      const members = [...gridRunNames(path, "ensemble")];
      const ids = [
        collectionId("ensemble", members.map(([before]) => before), FORMAT_VERSION - 1),
        collectionId("ensemble", members.map(([, now]) => now)),
      ];
      const [before, now] = [
        runName(`${title}-committee`, ids[0]),
        runName(`${title}-ensemble`, ids[1]),
      ];
      return [...members, [before, now] as const];
    }
    return seeds.map((seed) => oldAndNewName(readConfigFile(path, [`seed=${seed}`])));
  });
}

/**
 * Returns the map from old to new names for the runs of the config at a path, which has a sweep or an
 * ensemble.
 */
function gridRunNames(path: string, kind: "sweep" | "ensemble"): Names {
  return new Map(readGridFile(path, [], kind).runs.map(({ config }) => oldAndNewName(config)));
}

/**
 * Returns two names of the run of a config: that by the previous format version, and that by the current
 * one.
 *
 * @throws {Error} if the config reads the user's own files, so that its id is not known without them
 */
function oldAndNewName(config: ExperimentConfig): readonly [string, string] {
  const source = datasets.create(stageOptionsOf(config, "load", config.name).dataset);
  if (source.kind === "given" || source.kind === "pictures") {
    throw new Error(`Cannot rename "${config.name}": expected published data: received files`);
  }
  const data = source.kind === "generated" ? source.generate().hashes : source.files;
  const about = { config, schema: experimentSchema(), backend: "exact", data };
  const ids = [runId({ ...about, format: FORMAT_VERSION - 1 }), runId(about)];
  const [before, now] = ids.map((id) => runName(config.name, id));
  return [before, now];
}

/**
 * Renames the runs in the file runs.jsonl of a sample folder. Does nothing if there is no such file. Throws
 * an error if the file has a run whose name is neither an old nor a new one.
 */
async function renameRuns(folder: string, names: Names): Promise<void> {
  const path = join(folder, "runs.jsonl");
  const bytes = await readFileIfAny(path, "sample");
  if (bytes === undefined) return;
  const manifest = await readSampleManifest(folder);
  const runs = decodeVerifiedRuns(new TextDecoder().decode(bytes), path).map((run) => {
    const name = names.get(run.run) ?? [...names.values()].find((name) => name === run.run);
    if (name === undefined) {
      throw new Error(
        `Cannot rename "${run.run}": expected the name that its config has by format ` +
          `${FORMAT_VERSION - 1}: received another`,
      );
    }
    if (run.file !== FILES.results) return { ...run, run: name };
    // results of an ensemble name its members; the numbers in its summary are the same
    const summary = manifest.files.find(({ path }) => path === FILES.summary);
    return { ...run, run: name, file: FILES.summary, sha256: summary?.sha256 ?? run.sha256 };
  });
  await writeFileAtomic(path, encodeVerifiedRuns(runs));
}

/** Reads the manifest in a sample folder. */
async function readSampleManifest(folder: string): Promise<ReturnType<typeof decodeManifest>> {
  const bytes = await readFile(join(folder, FILES.manifest), "sample");
  return decodeManifest(new TextDecoder().decode(bytes));
}

/** Renames the run whose files are in a sample folder. Returns the run's new name. */
async function renameSample(folder: string, names: Names): Promise<string> {
  const manifest = await readSampleManifest(folder);
  const run = names.get(manifest.run) ?? manifest.run;
  for (const name of listNamesSync(folder)) {
    if (!name.endsWith(".svg")) continue;
    await rewriteFile(join(folder, name), (svg) => updateIds(replaceNames(svg, names)));
  }
  if (manifest.format === FORMAT_VERSION) return run; // it was renamed before
  await rewriteFile(join(folder, FILES.config), withPresentKeys);
  const changed = new Map<string, Uint8Array>();
  for (const file of [FILES.config, FILES.report]) {
    changed.set(file, await readFile(join(folder, file), "sample"));
  }
  const isLeft = ({ path }: FileHash) =>
    [FILES.metrics, FILES.model, FILES.summary].some((file) => file === path);
  const files = [...manifest.files.filter(isLeft), ...hashFiles(changed)]
    .sort((a, b) => a.path < b.path ? -1 : 1);
  const content = encodeManifest({ ...manifest, run, format: FORMAT_VERSION, files });
  await writeFileAtomic(join(folder, FILES.manifest), content);
  return run;
}

/** Replaces the text of a file by what `change` returns for it. Does nothing if the file is missing. */
async function rewriteFile(path: string, change: (text: string) => string): Promise<void> {
  const bytes = await readFileIfAny(path, "sample");
  if (bytes !== undefined) await writeFileAtomic(path, change(new TextDecoder().decode(bytes)));
}

/** Returns the JSON text of a config with former keys replaced by the present ones. */
function withPresentKeys(text: string): string {
  return prettyJson(renameFormerConfigKeys(JSON.parse(text)));
}

/**
 * Returns a text in which former key paths of options, such as "train.x", are replaced by the present ones.
 */
function withPresentPaths(text: string): string {
  const paths = Object.entries(FORMER_NAMES).filter(([former]) => former.includes("."));
  return paths.reduce((all, [former, present]) => all.replaceAll(former, present), text);
}

/** Replaces all old names of runs in a text by their new names. */
function replaceNames(text: string, names: Names): string {
  return text.replaceAll(/[a-z0-9-]+-[0-9a-f]{10}\b/g, (name) => names.get(name) ?? name);
}

/**
 * Updates the ids in an SVG file, which are hashes of its title and description; see `document()` of
 * deno-plot-svg.
 */
function updateIds(svg: string): string {
  const [, id, title, description] =
    /<title id="(plot-[0-9a-f]+)">(.*?)<\/title>\s*<desc [^>]*>(.*?)<\/desc>/s.exec(svg) ?? [];
  if (id === undefined) return svg;
  const text = unescapeXml(`${title}\n${description}`);
  return svg.replaceAll(id, `plot-${crc32(new TextEncoder().encode(text)).toString(16)}`);
}

/** Replaces the XML entities in a text by their characters. */
function unescapeXml(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
