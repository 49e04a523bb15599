/**
 * Fashion-MNIST: articles of clothing in the form of MNIST (Xiao, Rasul and Vollgraf,
 * "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms",
 * arXiv 1708.07747).
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { publishedSource } from "./published.ts";
import type { PublishedSource } from "./source.ts";

/**
 * Returns the data source of Fashion-MNIST, whose files are downloaded when it is loaded: 60,000 training
 * and 10,000 test images of 28 × 28 pixels.
 */
export function fashionMnist(): PublishedSource {
  return publishedSource({
    name: "fashion-mnist",
    classes: [
      "T-shirt/top",
      "Trouser",
      "Pullover",
      "Dress",
      "Coat",
      "Sandal",
      "Shirt",
      "Sneaker",
      "Bag",
      "Ankle boot",
    ],
    mirrors: [
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    ],
    sha256: [
      "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
      "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
      "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
      "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ],
    packedBytes: [26_421_880, 29_515, 4_422_102, 5_148],
  });
}

export const fashionMnistEntry: Entry<Record<string, never>, PublishedSource> = entry({
  doc:
    "Fashion-MNIST: articles of clothing, 60,000 for training and 10,000 for testing, 28 x 28 pixels",
  create: fashionMnist,
});
