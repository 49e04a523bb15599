/**
 * Names of run folders and of the data in them.
 *
 * @module
 */

/** Subfolder of a run for data that was sent with it. */
export const SENT_DATA = "data";

/** Returns the name of a run's folder: the config's name in plain letters, and the id. */
export function runName(configName: string, id: string): string {
  return `${slug(configName)}-${id}`;
}

/** Returns a name as part of a path on any system: lower-case letters, digits and hyphens, at most 40. */
export function slug(name: string): string {
  const plain = name.normalize("NFKD").toLowerCase().replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-").slice(0, 40).replaceAll(/^-+|-+$/g, "");
  return plain === "" ? "run" : plain;
}

/** Returns whether a name is one that {@linkcode runName} gives. */
export function isRunName(name: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{10}$/.test(name);
}
