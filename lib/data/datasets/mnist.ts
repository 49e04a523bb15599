/**
 * MNIST: handwritten digits (LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to
 * document recognition", Proceedings of the IEEE 86(11), 1998, section III).
 *
 * The original host no longer serves the files to programs, so two mirrors are used.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { publishedSource } from "./published.ts";
import type { PublishedSource } from "./source.ts";

/** Names of the classes of MNIST: the ten digits. */
export const DIGITS: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/**
 * Returns the data source of MNIST, whose files are downloaded when it is loaded: 60,000 training and
 * 10,000 test images of 28 × 28 pixels.
 */
export function mnist(): PublishedSource {
  return publishedSource({
    name: "mnist",
    classes: DIGITS,
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ],
    sha256: [
      "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
      "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
      "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
      "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ],
    packedBytes: [9_912_422, 28_881, 1_648_877, 4_542],
  });
}

export const mnistEntry: Entry<Record<string, never>, PublishedSource> = entry({
  doc: "MNIST: handwritten digits, 60,000 for training and 10,000 for testing, 28 x 28 pixels",
  create: mnist,
});
