import type { Observations } from "../run/observations.ts";
import { takeTensor } from "../run/take.ts";

/**
 * Reads the rows and labels of some samples.
 *
 * @throws {SyntaxError} if they are missing or do not fit together
 */
export function samplesIn(
  file: Observations,
  prefix: string,
  what: string,
): { readonly rows: Uint32Array<ArrayBuffer>; readonly labels: Uint16Array<ArrayBuffer> } {
  const { data: rows } = takeTensor(
    file,
    { name: `${prefix}.rows`, type: Uint32Array, shape: [undefined] },
    what,
  );
  const { data: labels } = takeTensor(
    file,
    { name: `${prefix}.labels`, type: Uint16Array, shape: [rows.length] },
    what,
  );
  return { rows, labels };
}
