/**
 * Initializers of weights, one file each.
 *
 * @module
 */
import { type Registry, registry } from "../../config/registry.ts";
import { constantInitializerEntry } from "./constant.ts";
import { glorotNormalEntry } from "./glorot_normal.ts";
import { glorotUniformEntry } from "./glorot_uniform.ts";
import { heNormalEntry } from "./he_normal.ts";
import { heUniformEntry } from "./he_uniform.ts";
import { lecunNormalEntry } from "./lecun_normal.ts";
import { lecunUniformEntry } from "./lecun_uniform.ts";
import { orthogonalEntry } from "./orthogonal.ts";

export type { Fans, Initializer } from "./initializer.ts";
export { constantInitializer, type ConstantInitializerOptions } from "./constant.ts";
export { glorotNormal } from "./glorot_normal.ts";
export { glorotUniform } from "./glorot_uniform.ts";
export { heNormal } from "./he_normal.ts";
export { heUniform } from "./he_uniform.ts";
export { lecunNormal } from "./lecun_normal.ts";
export { lecunUniform } from "./lecun_uniform.ts";
export { orthogonal, type OrthogonalOptions } from "./orthogonal.ts";
export { zeros } from "./zeros.ts";

/** Entries of initializers by name. */
export const initializerTable = {
  heNormal: heNormalEntry,
  heUniform: heUniformEntry,
  glorotNormal: glorotNormalEntry,
  glorotUniform: glorotUniformEntry,
  lecunNormal: lecunNormalEntry,
  lecunUniform: lecunUniformEntry,
  orthogonal: orthogonalEntry,
  constant: constantInitializerEntry,
};

/** Initializers of weights by their names in a config. */
export const initializers: Registry<typeof initializerTable> = registry(
  "initializer",
  initializerTable,
);
