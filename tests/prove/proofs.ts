/** The proofs by name, in the order of the documents. */
import { proof as arm64 } from "./arm64.ts";
import { proof as faults } from "./faults.ts";
import { proof as fuzz } from "./fuzz.ts";
import { proof as hashes } from "./hashes/hashes.ts";
import { proof as kills } from "./kills.ts";
import type { Proof } from "./proof.ts";
import { proof as ranks } from "./ranks/ranks.ts";
import { proof as shards } from "./shards/shards.ts";
import { proof as versions } from "./versions.ts";

export const proofs: readonly Proof[] = [
  hashes,
  arm64,
  versions,
  faults,
  kills,
  shards,
  ranks,
  fuzz,
];
