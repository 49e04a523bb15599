/**
 * What layers learn that normalize: a scale and a shift for each unit, at first 1 and 0.
 *
 * @module
 */
import type { Tensor } from "../../tensor/mod.ts";
import { constantInitializer, zeros } from "../initializers/mod.ts";
import type { ParameterSpec } from "./layer.ts";

/** What a layer learns that normalizes. */
export interface AffineParams {
  /** γ [n] */
  readonly scale: Tensor;
  /** β [n] */
  readonly shift: Tensor;
}

/** The parameters of a layer that normalizes so many units. */
export function affineParameters(units: number): readonly ParameterSpec[] {
  const common = { shape: [units], fans: { fanIn: 1, fanOut: 1 } };
  return [
    { ...common, name: "scale", role: "scale", initializer: constantInitializer({ value: 1 }) },
    { ...common, name: "shift", role: "bias", initializer: zeros() },
  ];
}
