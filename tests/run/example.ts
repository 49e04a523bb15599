/**
 * A small finished run for the tests of run folders.
 *
 * @module
 */
import type { RunRecord } from "../../lib/run/record.ts";

/** A run of two epochs with two classes, three validation and two test samples. */
export const RECORD: RunRecord = {
  run: "tiny-0123456789",
  config: { name: "tiny", seed: 1, pipeline: [{ stage: "load", dataset: { name: "idx" } }] },
  classes: ["cat", "dog"],
  parameters: 10,
  epochs: [
    { epoch: 1, step: 2, learningRate: 0.5, train: { loss: 0.75, accuracy: 0.5 } },
    {
      epoch: 2,
      step: 4,
      learningRate: 0.25,
      train: { loss: 0.5, accuracy: 1 },
      validation: { loss: 0.625, accuracy: 0.25 },
    },
  ],
  steps: {
    loss: new Float32Array([1, 0.5, 0.75, 0.25]),
    learningRate: new Float32Array([0.5, 0.5, 0.25, 0.25]),
    correct: new Float32Array([1, 2, 2, 2]),
    gradientNorm: new Float32Array([4, 2, 1, 0.5]),
  },
  evaluations: [
    {
      split: "validation",
      rows: new Uint32Array([7, 8, 70_000]),
      labels: new Uint16Array([0, 1, 1]),
      probabilities: new Float32Array([0.75, 0.25, 0.625, 0.375, 0.25, 0.75]),
      loss: 0.1, // no 32-bit number: it must survive in 64
    },
    {
      split: "test",
      rows: new Uint32Array([0, 1]),
      labels: new Uint16Array([1, 0]),
      probabilities: new Float32Array([0, 1, 1, 0]),
      loss: 0,
    },
  ],
  galleries: [
    {
      split: "validation",
      rows: new Uint32Array([8]),
      shape: [2, 3],
      values: new Uint8Array([0, 1, 2, 3, 254, 255]),
    },
    {
      split: "test",
      rows: new Uint32Array([]),
      shape: [2, 3],
      values: new Float32Array([]),
    },
  ],
  note: "not the test set of MNIST",
};
