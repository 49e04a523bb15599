/**
 * The interface of reductions.
 *
 * @module
 */
import type { Normalization, Reduction, Split } from "../dataset.ts";

/**
 * Fits a reduction on the normalized training split. It gets no other split, so that validation and test
 * samples cannot influence the network.
 */
export type Reducer = (train: Split, normalization: Normalization) => Reduction;
