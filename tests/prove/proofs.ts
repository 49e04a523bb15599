/** The proofs by name, in the order of the documents. */
import { proof as fuzz } from "./fuzz.ts";
import type { Proof } from "./proof.ts";

export const proofs: readonly Proof[] = [fuzz];
