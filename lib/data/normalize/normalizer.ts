/**
 * The interface of normalizations.
 *
 * @module
 */
import type { Normalization, Split } from "../dataset.ts";

/**
 * Function that computes a normalization from the training split. It receives no other split, so that
 * validation and test samples cannot influence the network.
 */
export type Normalizer = (train: Split) => Normalization;
