/**
 * Training: optimizers, learning rates, and the step from one state to the next.
 *
 * @module
 */

export * from "./optimizers/mod.ts";
export * from "./schedules/mod.ts";
export * from "./groups.ts";
export * from "./batch.ts";
export * from "./step.ts";
