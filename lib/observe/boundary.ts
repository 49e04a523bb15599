/**
 * Observes the decisions of a network over the plane of its two features at some moments of training.
 *
 * @module
 */
import { fieldGroup, tensorField } from "../run/codec/fields.ts";
import type { Observer } from "../train/observation/observer.ts";
import { appendWithinLimit, plottedEpochs } from "./moments.ts";
import { type Extent, extentWithMargin, gridSamples, hasTwoRawFeatures } from "./plane.ts";

/** Number of cells along each side of the grid over the plane. */
export const BOUNDARY_SIDE = 64;

/** Number of cells of the grid. */
const CELLS = BOUNDARY_SIDE * BOUNDARY_SIDE;

/**
 * Decisions of a network at the cells of a grid over the plane of its two features. The rows of the grid
 * begin at the largest value of the second feature.
 */
export interface Boundary {
  /** Smallest and largest value of both features in the grid [2, 2]. */
  readonly extent: Extent;
  /** Number of finished epochs at each moment [moments]. */
  readonly epochs: Uint32Array<ArrayBuffer>;
  /** Number of training steps before each moment [moments]. */
  readonly steps: Uint32Array<ArrayBuffer>;
  /** Most probable class of each cell [moments, side, side]. */
  readonly classes: Uint16Array<ArrayBuffer>;
  /** Probability of the most probable class in 255ths [moments, side, side]. */
  readonly probabilities: Uint8Array<ArrayBuffer>;
}

/** Decisions of a network at one moment of training. */
interface Decisions {
  /** Number of finished epochs. */
  readonly epoch: number;
  /** Number of training steps. */
  readonly step: number;
  /** Most probable class of each cell [side, side]. */
  readonly classes: Uint16Array<ArrayBuffer>;
  /** Probability of that class in 255ths [side, side]. */
  readonly probabilities: Uint8Array<ArrayBuffer>;
}

/** Axes of the tensors with one value for each cell at each moment. */
const GRID = ["moments", BOUNDARY_SIDE, BOUNDARY_SIDE];

/**
 * Observer of a network's decisions over the plane of two features. Stores nothing for data with other
 * numbers of features.
 */
export const boundary: Observer<Boundary> = {
  name: "boundary",
  fields: fieldGroup({
    extent: tensorField("F32", [2, 2], "smallest and largest value of both features in the grid"),
    epochs: tensorField("U32", ["moments"], "epochs finished"),
    steps: tensorField("U32", ["moments"], "steps taken"),
    classes: tensorField("U16", GRID, "most probable class over the grid, from its top"),
    probabilities: tensorField("U8", GRID, "probability of this class, in 255ths"),
  }),
  training: {
    isDue: ({ epoch, epochs, isEpochEnd, isEnd }) =>
      isEnd || isEpochEnd && plottedEpochs(epochs).has(epoch),
    pass: {
      samples: (split) =>
        hasTwoRawFeatures(split) ? gridSamples(extentWithMargin(split), BOUNDARY_SIDE) : undefined,
      outputs: ({ probabilities }) => ({ probabilities }),
    },
    observe({ moment: { epoch, step }, train, network: { outputs }, output }, before) {
      if (before?.steps.at(-1) === step) return before;
      const decisions = { epoch, step, ...mostProbableClasses(output("probabilities"), outputs) };
      return joinMoments(
        extentWithMargin(train),
        appendWithinLimit(splitMoments(before), decisions),
      );
    },
  },
};

/**
 * Splits the stored arrays into the decisions at each moment; returns an empty list if nothing is stored yet.
 */
function splitMoments(stored: Boundary | undefined): readonly Decisions[] {
  if (stored === undefined) return [];
  const { epochs, steps, classes, probabilities } = stored;
  return Array.from(epochs, (epoch, moment) => {
    const [from, to] = [moment * CELLS, (moment + 1) * CELLS];
    const own = { classes: classes.slice(from, to), probabilities: probabilities.slice(from, to) };
    return { epoch, step: steps[moment], ...own };
  });
}

/** Joins the decisions at several moments on a grid over `extent` into the arrays that are stored. */
function joinMoments(extent: Extent, moments: readonly Decisions[]): Boundary {
  const classes = new Uint16Array(moments.length * CELLS);
  const probabilities = new Uint8Array(moments.length * CELLS);
  moments.forEach((decisions, moment) => {
    classes.set(decisions.classes, moment * CELLS);
    probabilities.set(decisions.probabilities, moment * CELLS);
  });
  return {
    extent,
    epochs: Uint32Array.from(moments, ({ epoch }) => epoch),
    steps: Uint32Array.from(moments, ({ step }) => step),
    classes,
    probabilities,
  };
}

/**
 * Returns the most probable class of each cell, the first one of equals, and its probability.
 *
 * @param probabilitiesOfCells probabilities [cells, outputs]
 * @param outputs number of classes
 */
function mostProbableClasses(
  probabilitiesOfCells: Float32Array,
  outputs: number,
): Omit<Decisions, "epoch" | "step"> {
  const [classes, probabilities] = [new Uint16Array(CELLS), new Uint8Array(CELLS)];
  for (let cell = 0; cell < CELLS; cell++) {
    const own = probabilitiesOfCells.subarray(cell * outputs, (cell + 1) * outputs);
    let best = 0;
    for (let label = 1; label < outputs; label++) if (own[label] > own[best]) best = label;
    classes[cell] = best;
    probabilities[cell] = Math.round(own[best] * 255); // NaN becomes 0
  }
  return { classes, probabilities };
}
