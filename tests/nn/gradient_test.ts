import { AssertionError, assertThrows } from "@std/assert";
import { dot, max, mul, reshape, sub } from "../../lib/tensor/mod.ts";
import type { Tensors } from "../../lib/nn/mod.ts";
import { normalValues } from "../numbers.ts";
import { assertGradient } from "./gradient.ts";

const x = (args: Tensors) => args.x;

Deno.test("assertGradient() accepts the gradient of a cubic function", () => {
  assertGradient({
    value: (args) => dot(x(args), mul(x(args), x(args))),
    gradients: (args) => ({ x: mul(mul(x(args), x(args)), 3) }),
    shapes: { x: [5] },
  });
});

Deno.test("assertGradient() detects an error of one part in a million", () => {
  const wrong = () =>
    assertGradient({
      value: (args) => dot(x(args), x(args)),
      gradients: (args) => ({ x: mul(x(args), 2 * (1 + 1e-6)) }),
      shapes: { x: [5] },
    });
  assertThrows(wrong, AssertionError, "gradient with respect to x [5]");
});

Deno.test("assertGradient() rejects a point beside a kink", () => {
  const [at] = normalValues("x", [1]);
  const kinked = () =>
    assertGradient({
      value: (args) => reshape(max(sub(x(args), at + 1e-6), 0), []),
      gradients: (args) => ({ x: mul(x(args), 0) }),
      shapes: { x: [1] },
    });
  assertThrows(kinked, AssertionError, "the function has a kink");
});
