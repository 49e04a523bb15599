/**
 * The network of Matt Mazur, "A step by step backpropagation example", 2015
 * (mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example): two inputs, two hidden units and two
 * outputs, all logistic; half the squared errors are summed; biases stay as they are.
 *
 * @module
 */
import {
  denseBackward,
  denseForward,
  sigmoidBackward,
  sigmoidForward,
} from "../../../lib/nn/mod.ts";
import { input, mul, sub, sum, type Tensor } from "../../../lib/tensor/mod.ts";
import type { Example } from "../../../lib/analysis/explain/example.ts";

/** Weights as Mazur numbers them from w1: column j of a matrix has the weights into unit j. */
export const WEIGHTS = { W1: [0.15, 0.25, 0.2, 0.3], W2: [0.4, 0.5, 0.45, 0.55] };

/** Builds the example with its own weights, or with others. */
export function mazur(
  weights: Readonly<Record<"W1" | "W2", readonly number[]>> = WEIGHTS,
): Example {
  const [x, t] = [input("x", [1, 2]), input("t", [1, 2])];
  const [W1, W2] = [input("W1", [2, 2]), input("W2", [2, 2])];
  const [b1, b2] = [input("b1", [2]), input("b2", [2])];
  const rate = input("rate", []);

  const z1 = denseForward({ weight: W1, bias: b1 }, x);
  const a1 = sigmoidForward(z1);
  const z2 = denseForward({ weight: W2, bias: b2 }, a1);
  const a2 = sigmoidForward(z2);

  const error = sub(a2, t);
  const E = mul(mul(error, error), 0.5);
  const L = sum(E, "columns");

  const dz2 = sigmoidBackward(z2, error).dx;
  const { dx: da1, grads: { weight: dW2 } } = denseBackward({ weight: W2 } as Layer, a1, dz2);
  const dz1 = sigmoidBackward(z1, da1).dx;
  const { grads: { weight: dW1 } } = denseBackward({ weight: W1 } as Layer, x, dz1);

  const term = (symbol: string, tensor: Tensor) => ({ symbol, tensor });
  const gradient = (of: string, tensor: Tensor) => ({ symbol: `d${of}`, tensor, gradientOf: of });
  const step = (of: string, W: Tensor, dW: Tensor) => ({
    symbol: `${of}'`,
    tensor: sub(W, mul(rate, dW)),
    updateOf: of,
  });
  return {
    inputs: {
      x: [0.05, 0.1],
      t: [0.01, 0.99],
      b1: [0.35, 0.35],
      b2: [0.6, 0.6],
      rate: [0.5],
      ...weights,
    },
    known: Object.entries({ x, t, W1, b1, W2, b2, rate }).map(([name, tensor]) =>
      term(name, tensor)
    ),
    sections: [
      { title: "hidden layer", terms: [term("z1", z1), term("a1", a1)] },
      { title: "output layer", terms: [term("z2", z2), term("a2", a2)] },
      { title: "loss", terms: [term("E", E), term("L", L)] },
      {
        title: "backward",
        terms: [
          gradient("a2", error),
          gradient("z2", dz2),
          gradient("W2", dW2),
          gradient("a1", da1),
          gradient("z1", dz1),
          gradient("W1", dW1),
        ],
      },
      { title: "update", terms: [step("W1", W1, dW1), step("W2", W2, dW2)] },
    ],
    loss: term("L", L),
  };
}

type Layer = Parameters<typeof denseBackward>[0];
