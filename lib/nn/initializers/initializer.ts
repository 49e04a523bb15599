import type { Key, Shape, Tensor } from "../../tensor/mod.ts";

/** How many numbers meet in a parameter: the widths on its two sides. */
export interface Fans {
  /** Inputs that are summed into each output. */
  readonly fanIn: number;
  /** Outputs that each input reaches. */
  readonly fanOut: number;
}

/** First values of a parameter, a pure function of the key. */
export type Initializer = (key: Key, shape: Shape, fans: Fans) => Tensor;
