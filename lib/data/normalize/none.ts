/**
 * No normalization.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import type { Normalizer } from "./normalizer.ts";

/** Returns the normalizer that leaves all features unchanged: y = x. */
export function none(): Normalizer {
  return () => ({ name: "none", shift: 0, scale: 1 });
}

export const noneEntry: Entry<Record<string, never>, Normalizer> = entry({
  doc: "Leaves the features as they are",
  create: none,
});
