/**
 * Networks, layers, losses and initializers. Layers and losses are pairs of a forward and a backward function.
 *
 * @module
 */
export * from "./layers/mod.ts";
export * from "./losses/mod.ts";
export * from "./initializers/mod.ts";
export * from "./fold.ts";
export * from "./network.ts";
export * from "./origins.ts";
