/**
 * Prediction with a trained network, one sample at a time on the calling thread, without workers and
 * without APIs of Deno or Node.js: the whole module that a web page needs.
 *
 * @example Saves a model, loads it and predicts the class of a sample
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { dense, network, softmaxCrossEntropy } from "../../nn/mod.ts";
 * import { loadModel, openRowPredictor, saveModel } from "./mod.ts";
 *
 * const parameters = new Map([
 *   ["dense1.weight", { shape: [2, 2], data: Float32Array.of(1, -1, 1, -1) }],
 *   ["dense1.bias", { shape: [2], data: Float32Array.of(0, 0) }],
 * ]);
 * const trained = {
 *   network: network([dense({ units: 2 })], 2),
 *   loss: softmaxCrossEntropy(),
 *   parameters,
 *   shape: [2],
 *   normalization: { name: "none", shift: 0, scale: 1 },
 *   encoding: "dense32" as const,
 * };
 * const model = loadModel(saveModel(trained, { classes: ["above", "below"] }));
 * const predictor = openRowPredictor(model);
 * assertEquals(model.classes[predictor.classOf(Float32Array.of(0.5, 2))], "above");
 * ```
 *
 * @module
 */
export {
  type LoadedModel,
  loadModel,
  type LoadModelOptions,
  type ModelNames,
  saveModel,
} from "./model.ts";
export { encodeRow, type TableRow } from "../../data/encode/encoding.ts";
export { openRowPredictor, type RowPredictor, type Rows } from "./predictor.ts";
export type { Trained } from "./trained.ts";
