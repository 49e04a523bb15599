/**
 * The registry of data sets. A new one is a file in this folder and an entry here.
 *
 * @module
 */
import { type Registry, registry } from "../../config/registry.ts";
import { csvEntry } from "./csv.ts";
import { blobsEntry } from "./plane/blobs.ts";
import { circlesEntry } from "./plane/circles.ts";
import { moonsEntry } from "./plane/moons.ts";
import { spiralsEntry } from "./plane/spirals.ts";
import { xorEntry } from "./plane/xor.ts";
import { emnistEntry } from "./emnist.ts";
import { fashionMnistEntry } from "./fashion_mnist.ts";
import { idxEntry } from "./idx.ts";
import { imagesEntry } from "./images.ts";
import { kmnistEntry } from "./kmnist.ts";
import { mnistEntry } from "./mnist.ts";
import { mnist10kEntry } from "./mnist_10k.ts";
import { npzEntry } from "./npz.ts";
import { qmnistEntry } from "./qmnist.ts";

/** The entries of the registry of data sets, by name. */
export const datasetTable = {
  "mnist-10k": mnist10kEntry,
  mnist: mnistEntry,
  "fashion-mnist": fashionMnistEntry,
  kmnist: kmnistEntry,
  qmnist: qmnistEntry,
  emnist: emnistEntry,
  moons: moonsEntry,
  circles: circlesEntry,
  spirals: spiralsEntry,
  xor: xorEntry,
  blobs: blobsEntry,
  idx: idxEntry,
  csv: csvEntry,
  npz: npzEntry,
  images: imagesEntry,
};

/** The registry of data sets. `create` returns a data source, which `loadDataset()` loads. */
export const datasets: Registry<typeof datasetTable> = registry("data set", datasetTable);
