/**
 * Parameters of normalization layers: a scale and a shift for each unit, initially 1 and 0.
 *
 * @module
 */
import type { Tensor } from "../../tensor/mod.ts";
import { constantInitializer, zeros } from "../initializers/mod.ts";
import type { ParameterSpec } from "./layer.ts";

/** Parameters of a normalization layer. */
export interface AffineParams {
  /** γ [n] */
  readonly scale: Tensor;
  /** β [n] */
  readonly shift: Tensor;
}

/**
 * Returns the specifications of the parameters `scale` and `shift`, both [units], of a normalization
 * layer.
 */
export function affineParameters(units: number): readonly ParameterSpec[] {
  const common = { shape: [units], fans: { fanIn: 1, fanOut: 1 } };
  return [
    { ...common, name: "scale", role: "scale", initializer: constantInitializer({ value: 1 }) },
    { ...common, name: "shift", role: "bias", initializer: zeros() },
  ];
}
