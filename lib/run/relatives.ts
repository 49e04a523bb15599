/**
 * The other runs that a run was made from, in the metadata of results.safetensors, as JSON.
 *
 * @module
 */
import { z } from "zod";
import { isRunName } from "./identity.ts";
import { canonicalJson, parseJson } from "./json.ts";
import type { RunRecord } from "./record.ts";
import type { Safetensors } from "./safetensors.ts";
import type { ScoredRun } from "./scored_run.ts";
import { takeValue } from "./take.ts";

/** The other runs that a run was made from. */
export type Relatives = Pick<RunRecord, "origin" | "members">;

const partScore = z.strictObject({
  accuracy: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  loss: z.number().nullable(),
});

/** Members are looked for beside the committee, so no name may lead elsewhere. */
const members: z.ZodType<ScoredRun[]> = z.array(z.strictObject({
  settings: z.array(z.strictObject({ key: z.string(), value: z.unknown() })),
  run: z.string().refine(isRunName),
  epochs: z.int().min(0),
  scores: z.strictObject({
    validation: partScore.exactOptional(),
    test: partScore.exactOptional(),
  }),
}));

const origin = z.strictObject({
  run: z.string(),
  kind: z.enum(["weights", "checkpoint"]),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const schemas = { origin, members };

/** Entries of the metadata: none for a run that was made from no other. */
export function relativesText(relatives: Relatives): readonly (readonly [string, string])[] {
  return keys.flatMap((key) =>
    relatives[key] === undefined ? [] : [[key, canonicalJson(relatives[key])] as const]
  );
}

/**
 * The other runs that a file names.
 *
 * @throws {SyntaxError} if they cannot be understood
 */
export function relativesOf({ metadata }: Safetensors, what: string): Relatives {
  const found = keys.flatMap((key) => {
    const text = metadata.get(key);
    if (text === undefined) return [];
    return [[key, takeValue<unknown>(parseJson(text, what), schemas[key], what)] as const];
  });
  return Object.fromEntries(found);
}

const keys = Object.keys(schemas) as readonly (keyof typeof schemas)[];
