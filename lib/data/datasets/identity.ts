/**
 * Identity of a config's data: the SHA-256 of its files, without their paths.
 *
 * @module
 */
import type { Dataset } from "../dataset.ts";
import { datasets } from "./mod.ts";

type Members = Readonly<Record<string, unknown>>;

/** Returns a config without the paths of the user's files. */
export function withoutPaths<Config>(config: Config): Config {
  return changeDatasetOptions(config, (options) => options);
}

/** Returns a config without the paths and hashes of the user's files. */
export function withoutFiles<Config>(config: Config): Config {
  return changeDatasetOptions(config, ({ sha256: _, ...options }) => options);
}

/** Returns a config in which hashes replace the paths of the user's files. */
export function withHashes<Config>(config: Config, hashes: Dataset["hashes"]): Config {
  const sha256 = Object.fromEntries(hashes.map(({ file, sha256 }) => [file, sha256]));
  return changeDatasetOptions(
    config,
    ({ name, sha256: _, ...options }) => ({ name, sha256, ...options }),
  );
}

/**
 * Returns a config in which `change` replaces the options, without paths, of a data set of the user's files.
 * Configs of other data sets, and values that are not configs, are returned unchanged.
 */
function changeDatasetOptions<Config>(
  config: Config,
  change: (options: Members) => Members,
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

/** Returns the names of a data set's options that are paths; none if there is no such data set. */
function pathOptions(name: unknown): readonly string[] {
  const known = datasets.names.find((each) => each === name);
  return known === undefined ? [] : datasets.get(known).paths ?? [];
}
