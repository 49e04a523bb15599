/**
 * The interface of normalizations.
 *
 * @module
 */
import type { Normalization, Split } from "../dataset.ts";

/**
 * Fits a normalization on the training split. It gets no other split, so that validation and test
 * samples cannot influence the network.
 */
export type Normalizer = (train: Split) => Normalization;
