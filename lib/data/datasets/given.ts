/**
 * References from configs to the user's own files: by path, by the SHA-256 of the content, or by both.
 *
 * @module
 */
import { z } from "zod";
import { defined } from "../../config/defined.ts";
import type { GivenFile } from "./source.ts";

/**
 * SHA-256 of the decompressed content of each file, 64 hexadecimal digits, by the file's name in the data
 * set.
 */
export type Hashes<Name extends string = string> = {
  readonly [File in Name]?: string | undefined;
};

/** Schema of a SHA-256 as 64 lower-case hexadecimal digits. */
export const digest: z.ZodString = z.string().regex(/^[0-9a-f]{64}$/);

/** Description of the option `sha256` of data sets. */
export const HASHES_DOC =
  "SHA-256 of the decompressed files: other content is rejected, and paths are optional";

/**
 * Returns the schema of the option `sha256`, in which a config states the hashes of a data set's files.
 * `names` are the names of the files in the data set.
 */
export function hashesOption<Name extends string>(
  ...names: readonly Name[]
): z.ZodOptional<z.ZodObject<{ [File in Name]: z.ZodOptional<z.ZodString> }, z.core.$strict>> {
  const files = Object.fromEntries(names.map((name) => [name, digest.optional()]));
  return z.strictObject(files as { [File in Name]: z.ZodOptional<z.ZodString> })
    .optional().describe(HASHES_DOC);
}

/**
 * Returns references to the files of a data set whose path or hash is known, in the order of `paths`. The
 * keys of `paths` are the names of all files in the data set. Files with neither path nor hash are left
 * out.
 */
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
