/**
 * The interface of reductions.
 *
 * @module
 */
import type { Normalization, Reduction, Split } from "../dataset.ts";

/**
 * Function that computes a reduction of the normalized features from the training split and its
 * normalization. It receives no other split, so that validation and test samples cannot influence the
 * network.
 */
export type Reducer = (train: Split, normalization: Normalization) => Reduction;
