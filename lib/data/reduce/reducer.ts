/**
 * The interface of reductions.
 *
 * @module
 */
import type { Normalization, Reduction, Split } from "../dataset.ts";

/**
 * Computes a reduction from the normalized training split. It receives no other split, so that validation
 * and test samples cannot influence the network.
 */
export type Reducer = (train: Split, normalization: Normalization) => Reduction;
