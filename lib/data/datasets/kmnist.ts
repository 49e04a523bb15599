/**
 * Kuzushiji-MNIST: ten hiragana in cursive script, in the form of MNIST (Clanuwat, Bober-Irizarry,
 * Kitamoto, Lamb, Yamamoto and Ha, "Deep learning for classical Japanese literature",
 * arXiv:1812.01718, section 3.1). Its files are at http://codh.rois.ac.jp/kmnist/.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { type FolderOptions, folderOptions, folderSource } from "./folder.ts";
import { FOUR_FILES } from "./published.ts";
import type { GivenSource } from "./source.ts";

const KANA = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"];

/** Returns a data source that reads Kuzushiji-MNIST from files in a folder. */
export function kmnist({ directory, sha256 }: FolderOptions = {}): GivenSource {
  return folderSource({ name: "kmnist", directory, sha256, classes: KANA, files: FOUR_FILES });
}

export const kmnistEntry: Entry<FolderOptions, GivenSource> = entry({
  doc: "Kuzushiji-MNIST: ten Japanese characters in cursive script, 28 x 28, from your own folder",
  options: folderOptions,
  paths: ["directory"],
  create: kmnist,
});
