/**
 * Data sets in the plane: samples with two features that are computed from a seed and not read from files.
 *
 * Each sample is a point of its class's curve or cluster, to which Gaussian noise is added. Random numbers
 * are functions of the seed, the split and the sample's number. Coordinates are computed in double
 * precision and rounded to single precision once. There are as many test samples as training samples.
 *
 * @module
 */
import { z } from "zod";
import { type Key, key, subkey } from "../../../tensor/random.ts";
import type { Samples } from "../../dataset.ts";
import { sha256 } from "../../sha256.ts";
import type { GeneratedSource } from "../source.ts";
import { normalPair, uniform } from "./draw.ts";

/** Options that all data sets in the plane have. */
export interface PlaneOptions {
  /** Number of training samples, and also of test samples. Defaults to 500. */
  readonly samples?: number;
  /**
   * Standard deviation of the Gaussian noise on each coordinate. The default depends on the data set.
   */
  readonly noise?: number;
  /** Seed of the data set, independent of the seed of the run. Defaults to 1. */
  readonly seed?: number;
}

/**
 * Returns the schema of the options that all data sets in the plane have. `noise` is the default of the
 * option `noise`.
 */
export function planeOptions(noise: number): z.ZodObject<{
  samples: z.ZodDefault<z.ZodInt>;
  noise: z.ZodDefault<z.ZodNumber>;
  seed: z.ZodDefault<z.ZodInt>;
}, z.core.$strict> {
  return z.strictObject({
    samples: z.int().min(2).max(1_000_000).default(500)
      .describe("number of samples to learn from; there are as many to test on"),
    noise: z.number().min(0).max(1000).default(noise)
      .describe("standard deviation of the Gaussian noise on each coordinate"),
    seed: z.int().min(0).default(1).describe("seed of the data, apart from the seed of the run"),
  });
}

/**
 * Returns the schema of the option `classes`, the number of classes of a data set in the plane. `classes`
 * is its default, and `noun` is the word for the classes in its description, such as "arms".
 */
export function classesOption(classes: number, noun: string): z.ZodDefault<z.ZodInt> {
  return z.int().min(2).max(100).default(classes).describe(`number of ${noun}, a class each`);
}

/** A sample before noise is added: the index of its class, and its coordinates. */
interface NoiselessSample {
  readonly label: number;
  readonly x: readonly [number, number];
}

/**
 * Function that returns a uniform random number from 0 to below 1 for one sample. Numbers for different
 * purposes are independent; the same purpose always yields the same number.
 */
type SampleRandom = (purpose: string) => number;

/** Definition of a data set in the plane. */
interface PlaneDefinition extends Required<PlaneOptions> {
  readonly name: string;
  readonly classes: readonly string[];
  /**
   * Computes one sample before noise is added, given its number in its split and a source of its random
   * numbers.
   */
  noiselessSample(index: number, draw: SampleRandom): NoiselessSample;
}

/** Returns a data source that computes a data set in the plane, given its definition. */
export function planeSource(
  { name, classes, samples, noise, seed, noiselessSample }: PlaneDefinition,
): GeneratedSource {
  const splitOf = (split: string): Samples => {
    const from = key(seed, name, split);
    const values = new Float32Array(2 * samples);
    const labels = new Uint16Array(samples);
    const drawn = cachedSubkeys(from);
    const around = drawn("noise");
    for (let index = 0; index < samples; index++) {
      const { label, x } = noiselessSample(index, (purpose) => uniform(drawn(purpose), index));
      const [first, second] = normalPair(around, index);
      values[2 * index] = x[0] + noise * first;
      values[2 * index + 1] = x[1] + noise * second;
      labels[index] = label;
    }
    return { count: samples, shape: [2], values, labels };
  };
  return {
    kind: "generated",
    name,
    generate() {
      const [train, test] = [splitOf("train"), splitOf("test")];
      return {
        name,
        classes,
        columns: ["x1", "x2"],
        train,
        test,
        hashes: [{ file: "train", sha256: hashSamples(train) }, {
          file: "test",
          sha256: hashSamples(test),
        }],
      };
    },
  };
}

/**
 * Returns a function that derives a random key from `parent` for a purpose. Derived keys are cached.
 */
function cachedSubkeys(parent: Key): (purpose: string) => Key {
  const made = new Map<string, Key>();
  return (purpose) => {
    const known = made.get(purpose) ?? subkey(parent, purpose);
    made.set(purpose, known);
    return known;
  };
}

/**
 * Returns the SHA-256 of samples: of the bytes of their features, little-endian, followed by those of their
 * labels.
 */
function hashSamples({ values, labels }: Samples): string {
  const bytes = new Uint8Array(values.byteLength + labels.byteLength);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  bytes.set(new Uint8Array(labels.buffer), values.byteLength);
  return sha256(bytes);
}
