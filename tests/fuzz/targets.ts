/** Formats of one file, and run folders, by the names that `deno task fuzz` takes. */
import type { Target } from "./cases.ts";
import { csv, gzip, idx, npy, npz, ownTable } from "./data_files.ts";
import { imageFolder, jpeg, png } from "./pictures.ts";
import { archive, checkpoint, config, model, safetensors } from "./own_files.ts";
import { runFolder } from "./run_folder.ts";

/** The targets by name; each is made when it is used. */
export const targets: Readonly<Record<string, () => Target>> = {
  idx,
  gzip,
  csv,
  table: ownTable,
  npy,
  npz,
  png,
  jpeg,
  "image-folder": imageFolder,
  safetensors,
  checkpoint,
  model,
  config,
  archive,
  "run-folder": runFolder,
};
