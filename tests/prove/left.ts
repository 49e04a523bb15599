/** Files of runs that ended well, failed or were killed. */
import { sha256 } from "../../lib/data/sha256.ts";
import { decodeCheckpoint } from "../../lib/run/checkpoint.ts";

/** Files with their content, by their paths. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** Files of runs whose bytes differ every time. */
const VARIABLE = /(^|\/)((log|progress|timing)\.jsonl|environment\.svg|manifest\.json)$/;

/** Names of files that nobody may find once all is over. */
const LEFT = /\.tmp$|\.claim-/;

/** Returns whether a file is one that only a killed process leaves. */
export function isLeftOver(name: string): boolean {
  return LEFT.test(name);
}

/** Returns the hashes of the files that are the same every time. */
export function hashesOf(files: Files): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...files].filter(([name]) => !VARIABLE.test(name) && !LEFT.test(name))
      .map(([name, bytes]) => [name, sha256(bytes)]),
  );
}

/** Returns the name of a file that is neither what it was before nor what it is in the end. */
export function halfWritten(
  files: Files,
  whole: readonly Files[],
): string | undefined {
  for (const [name, bytes] of files) {
    if (VARIABLE.test(name) || LEFT.test(name)) continue;
    if (name.includes("/checkpoints/")) {
      try {
        decodeCheckpoint(bytes);
      } catch {
        return name;
      }
    } else if (name.endsWith("metrics.jsonl")) {
      if (!isLines(bytes)) return name;
    } else if (/-sweep-\w+\//.test(name)) {
      if (!isWhole(name, bytes)) return name; // of the runs that did not fail
    } else if (!whole.some((files) => isSame(files.get(name), bytes))) return name;
  }
}

/** Returns whether a table or drawing has the end of a complete file. */
function isWhole(name: string, bytes: Uint8Array): boolean {
  if (name.endsWith(".svg")) return new TextDecoder().decode(bytes).endsWith("</svg>\n");
  return name.endsWith(".jsonl") ? isLines(bytes) : bytes.at(-2) === "}".charCodeAt(0);
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && sha256(a) === sha256(b);
}

/** Returns whether bytes are complete lines of JSON. */
export function isLines(bytes: Uint8Array): boolean {
  const lines = new TextDecoder().decode(bytes).split("\n");
  try {
    return lines.pop() === "" && lines.every((line) => JSON.parse(line) !== undefined);
  } catch {
    return false;
  }
}
