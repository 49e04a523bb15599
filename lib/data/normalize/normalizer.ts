import type { Normalization, Split } from "../dataset.ts";

/**
 * Finds shift and scale from the training split, and from nothing else: what is only validated or
 * tested on must not reach the network by this door.
 */
export type Normalizer = (train: Split) => Normalization;
