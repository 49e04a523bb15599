/**
 * Gaussian clusters in the plane, as scikit-learn's `make_blobs`. Both coordinates of each centre are
 * uniform from −10 to 10, and samples have a standard deviation of 1 around their centre.
 *
 * @module
 */
import { type Entry, entry, withDefaults } from "../../../config/registry.ts";
import { key } from "../../../tensor/random.ts";
import type { GeneratedSource } from "../source.ts";
import { uniform } from "./draw.ts";
import { classesOption, type PlaneOptions, planeOptions, planeSource } from "./plane.ts";

/** Options of {@linkcode blobs}. */
export interface BlobsOptions extends PlaneOptions {
  /** Number of clusters, each of which is a class. Defaults to 3. */
  readonly classes?: number;
}

/** Largest absolute coordinate of the centre of a cluster. */
const REACH = 10;

const options = planeOptions(1).extend({ classes: classesOption(3, "clusters") });

/** Returns a data source that computes Gaussian clusters in the plane. */
export function blobs(overrides: BlobsOptions = {}): GeneratedSource {
  const { classes, ...common } = withDefaults(options, overrides);
  const from = key(common.seed, "blobs", "centre"); // one for both splits
  const coordinate = (counter: number) => REACH * (2 * uniform(from, counter) - 1);
  const centres = Array.from(
    { length: classes },
    (_, label): [number, number] => [coordinate(2 * label), coordinate(2 * label + 1)],
  );
  return planeSource({
    ...common,
    name: "blobs",
    classes: centres.map((_, label) => `blob ${label + 1}`),
    noiselessSample: (index) => ({ label: index % classes, x: centres[index % classes] }),
  });
}

export const blobsEntry: Entry<BlobsOptions, GeneratedSource> = entry({
  doc: "Gaussian clusters in the plane, computed from a seed",
  options,
  create: blobs,
});
