/**
 * Identifies the data of a config by the SHA-256 of its files, never by their paths.
 *
 * @module
 */
import type { Dataset } from "../dataset.ts";
import { datasets } from "./mod.ts";

type Members = Readonly<Record<string, unknown>>;

/** Returns a config without the paths of the user's files. */
export function withoutPaths<Config>(config: Config): Config {
  return withDataset(config, (options) => options);
}

/** Returns a config without the options that say which files of the user's its data set is read from. */
export function withoutFiles<Config>(config: Config): Config {
  return withDataset(config, ({ sha256: _, ...options }) => options);
}

/** Returns a config whose data set of the user's stands by the SHA-256 of its files alone. */
export function withHashes<Config>(config: Config, hashes: Dataset["hashes"]): Config {
  const sha256 = Object.fromEntries(hashes.map(({ file, sha256 }) => [file, sha256]));
  return withDataset(config, ({ name, sha256: _, ...options }) => ({ name, sha256, ...options }));
}

/**
 * Returns a config with other options of a data set of the user's, given without its paths. Any other
 * value is returned as it is.
 */
function withDataset<Config>(config: Config, change: (options: Members) => Members): Config {
  const { pipeline } = config as { readonly pipeline?: unknown };
  if (!Array.isArray(pipeline)) return config;
  const stages = pipeline.map((stage) => {
    const paths = stage?.stage === "load" ? pathsOf(stage.dataset?.name) : [];
    if (paths.length === 0) return stage;
    const options = Object.entries(stage.dataset).filter(([key]) => !paths.includes(key));
    return { ...stage, dataset: change(Object.fromEntries(options)) };
  });
  return { ...config, pipeline: stages };
}

/** Returns the options of a data set that are paths; none if there is no such data set. */
function pathsOf(name: unknown): readonly string[] {
  const known = datasets.names.find((each) => each === name);
  return known === undefined ? [] : datasets.get(known).paths ?? [];
}
