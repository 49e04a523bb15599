/** The proofs by name, in the order of the documents. */
import type { Proof } from "./proof.ts";

export const proofs: readonly Proof[] = [];
