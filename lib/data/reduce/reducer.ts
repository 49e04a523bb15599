import type { Normalization, Reduction, Split } from "../dataset.ts";

/**
 * Finds what to keep from the training split, normalized, and from nothing else: what is only
 * validated or tested on must not reach the network by this door.
 */
export type Reducer = (train: Split, normalization: Normalization) => Reduction;
