/**
 * Names of run folders, and of the data folder in them.
 *
 * @module
 */

/** Subfolder of a run for data that was packed with it. */
export const SENT_DATA = "data";

/** Returns the name of a run folder: the slug of the config's name and the id. */
export function runName(configName: string, id: string): string {
  return `${slug(configName)}-${id}`;
}

/**
 * Returns a name in a form that every file system accepts: at most 40 lower-case letters, digits and
 * hyphens. Defaults to "run" where nothing remains.
 */
export function slug(name: string): string {
  const plain = name.normalize("NFKD").toLowerCase().replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-").slice(0, 40).replaceAll(/^-+|-+$/g, "");
  return plain === "" ? "run" : plain;
}

/** Returns whether a name has the form of those that {@linkcode runName} returns. */
export function isRunName(name: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{10}$/.test(name);
}
