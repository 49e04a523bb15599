/**
 * Names of run folders, and of the data folder in them.
 *
 * @module
 */

/** Name of the subfolder of a run folder that holds data files packed with the run. */
export const PACKED_DATA = "data";

/** Returns the name of a run folder: the name of the config as a slug, a hyphen, and the id of the run. */
export function runName(configName: string, id: string): string {
  return `${slug(configName)}-${id}`;
}

/**
 * Converts a name to a form that every file system accepts: at most 40 lower-case letters, digits and
 * hyphens. Returns "run" if no letter or digit remains.
 */
export function slug(name: string): string {
  const plain = name.normalize("NFKD").toLowerCase().replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-").slice(0, 40).replaceAll(/^-+|-+$/g, "");
  return plain === "" ? "run" : plain;
}

/** Returns whether a name has the form of a run folder's name, see {@linkcode runName}. */
export function isRunName(name: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{10}$/.test(name);
}
