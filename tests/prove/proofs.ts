/** The proofs by name, in the order of the documents. */
import { proof as fuzz } from "./fuzz.ts";
import type { Proof } from "./proof.ts";
import { proof as versions } from "./versions.ts";

export const proofs: readonly Proof[] = [versions, fuzz];
