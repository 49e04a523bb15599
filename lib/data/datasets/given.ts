/**
 * References of configs to the user's own files: by a path, by the SHA-256 of their content, or by both.
 *
 * @module
 */
import { z } from "zod";
import { defined } from "../../config/defined.ts";
import type { GivenFile } from "./source.ts";

/** SHA-256 of the decompressed content of files, by their names in the data set: 64 hexadecimal digits. */
export type Hashes<Name extends string = string> = {
  readonly [File in Name]?: string | undefined;
};

/** Schema of a SHA-256. */
export const digest: z.ZodString = z.string().regex(/^[0-9a-f]{64}$/);

export const HASHES_DOC =
  "SHA-256 of the decompressed files: other content is rejected, and paths are optional";

/** Returns the schema of the option that pins the files of a data set by their content. */
export function hashesOption<Name extends string>(
  ...names: readonly Name[]
): z.ZodOptional<z.ZodObject<{ [File in Name]: z.ZodOptional<z.ZodString> }, z.core.$strict>> {
  const files = Object.fromEntries(names.map((name) => [name, digest.optional()]));
  return z.strictObject(files as { [File in Name]: z.ZodOptional<z.ZodString> })
    .optional().describe(HASHES_DOC);
}

/** Returns the files that have a path or a hash, by their names in the data set. */
export function filesWithPathOrHash(
  paths: Readonly<Record<string, string | undefined>>,
  hashes: Hashes = {},
): readonly GivenFile[] {
  return Object.entries(paths).flatMap(([name, path]) => {
    const sha256 = hashes[name];
    if (path === undefined && sha256 === undefined) return [];
    return [{ name, ...defined({ path, sha256 }) }];
  });
}
