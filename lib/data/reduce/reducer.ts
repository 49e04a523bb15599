import type { Normalization, Part, Reduction } from "../dataset.ts";

/**
 * Finds what to keep from the training part, normalized, and from nothing else: what is only
 * validated or tested on must not reach the network by this door.
 */
export type Reducer = (train: Part, normalization: Normalization) => Reduction;
