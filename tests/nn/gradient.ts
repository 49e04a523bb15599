/**
 * Proof of a gradient by central differences, in double precision.
 *
 * @module
 */

import { assertLess, assertLessOrEqual } from "@std/assert";
import type { Tensors } from "../../lib/nn/mod.ts";
import { input, type Shape, sizeOf, type Tensor } from "../../lib/tensor/mod.ts";
import { dotOf, normalValues, numberOf, UNIT_ROUNDOFF, valuesOf } from "../numbers.ts";

/** A function of named arguments, its gradient, and the point to test it at. */
export interface GradientCase {
  /** A single number [] of the arguments. */
  readonly value: (args: Tensors) => Tensor;
  /** Its gradient with respect to each argument. */
  readonly gradients: (args: Tensors) => Tensors;
  /** Shapes of the arguments; their values are normal numbers. */
  readonly shapes: Readonly<Record<string, Shape>>;
  /** Values of other inputs, by name. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
}

/** The step that balances both errors of a central difference for arguments of size 1. */
const STEP = Math.cbrt(UNIT_ROUNDOFF);

/** Roundings that an element goes through on its way to the result, at most. */
const ROUNDINGS = 64;

/**
 * Compares each gradient with central differences along one random direction.
 *
 * D(h) = (f(a + h d) − f(a − h d)) / 2h differs from the derivative by h² f‴/6, of which a third of
 * D(2h) − D(h) is an estimate (doubled here), and by the rounding errors of f, over h. Those are at
 * most what {@linkcode ROUNDINGS} relative errors of u in every argument and in the result make:
 * ROUNDINGS · u · (|f| + Σ |∂f/∂a| |a|).
 */
export function assertGradient({ value, gradients, shapes, inputs = {} }: GradientCase): void {
  const args: Tensors = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]),
  );
  const point = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, normalValues(name, shape)]),
  );
  const f = value(args);
  const expected = gradients(args);
  for (const [name, shape] of Object.entries(shapes)) {
    const at = point[name];
    const direction = normalValues(`direction of ${name}`, [sizeOf(shape)]);
    const along = (t: number) =>
      numberOf(f, {
        inputs: { ...inputs, ...point, [name]: at.map((a, i) => a + t * direction[i]) },
      });
    const difference = (h: number) => (along(h) - along(-h)) / (2 * h);
    const gradient = valuesOf(expected[name], { inputs: { ...inputs, ...point } });
    const size = Math.abs(along(0)) + dotOf(gradient.map(Math.abs), at.map(Math.abs));
    const measured = difference(STEP);
    const truncation = 2 * Math.abs(difference(2 * STEP) - measured) / 3;
    const rounding = ROUNDINGS * UNIT_ROUNDOFF * size / STEP;
    // A kink between the points would make the estimate large, and the test soft
    assertLess(truncation + rounding, 1e-6 * Math.max(1, size), `${name}: the function has a kink`);
    assertLessOrEqual(
      Math.abs(dotOf(gradient, direction) - measured),
      truncation + rounding,
      `gradient with respect to ${name} [${shape}]`,
    );
  }
}
