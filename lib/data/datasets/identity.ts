/**
 * Changes to how a config refers to the user's files: by their paths, or by their hashes.
 *
 * @module
 */
import type { Dataset } from "../dataset.ts";
import { datasets } from "./mod.ts";

/** An object in a config, by key. */
type ConfigObject = Readonly<Record<string, unknown>>;

/** Returns a config without the paths of the user's data files. */
export function withoutPaths<Config>(config: Config): Config {
  return changeDatasetOptions(config, (options) => options);
}

/** Returns a config without the paths and hashes of the user's data files. */
export function withoutFileReferences<Config>(config: Config): Config {
  return changeDatasetOptions(config, ({ sha256: _, ...options }) => options);
}

/**
 * Returns a config in which the paths of the user's data files are replaced by the hashes of the files, as
 * its option `sha256`.
 */
export function replacePathsByHashes<Config>(config: Config, hashes: Dataset["hashes"]): Config {
  const sha256 = Object.fromEntries(hashes.map(({ file, sha256 }) => [file, sha256]));
  return changeDatasetOptions(
    config,
    ({ name, sha256: _, ...options }) => ({ name, sha256, ...options }),
  );
}

/**
 * Returns a config in which the options of the data set become `change(options)`. The options passed to
 * `change` lack the paths of the user's files. A config whose data set has no options for paths, and a
 * value that is not a config, are returned unchanged.
 */
function changeDatasetOptions<Config>(
  config: Config,
  change: (options: ConfigObject) => ConfigObject,
): Config {
  const { pipeline } = config as { readonly pipeline?: unknown };
  if (!Array.isArray(pipeline)) return config;
  const stages = pipeline.map((stage) => {
    const paths = stage?.stage === "load" ? pathOptions(stage.dataset?.name) : [];
    if (paths.length === 0) return stage;
    const options = Object.entries(stage.dataset).filter(([key]) => !paths.includes(key));
    return { ...stage, dataset: change(Object.fromEntries(options)) };
  });
  return { ...config, pipeline: stages };
}

/**
 * Returns the names of those options of a data set that are paths, given its name. Returns an empty list
 * for an unknown data set.
 */
function pathOptions(datasetName: unknown): readonly string[] {
  const known = datasets.names.find((each) => each === datasetName);
  return known === undefined ? [] : datasets.get(known).paths ?? [];
}
