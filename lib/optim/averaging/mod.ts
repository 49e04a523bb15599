/**
 * Averages of the weights over the steps of training.
 *
 * @module
 */
import { type Registry, registry } from "../../config/registry.ts";
import { exponentialEntry } from "./exponential.ts";
import { stochasticEntry } from "./stochastic.ts";

export type { Averaging } from "./averaging.ts";
export { exponentialAverage, type ExponentialAverageOptions } from "./exponential.ts";
export { stochasticAverage, type StochasticAverageOptions } from "./stochastic.ts";

/** Entries of averagings by name. */
export const averagingTable = { exponential: exponentialEntry, stochastic: stochasticEntry };

/** Averagings by their names in a config. */
export const averagings: Registry<typeof averagingTable> = registry("averaging", averagingTable);
