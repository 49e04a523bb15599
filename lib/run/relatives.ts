/**
 * The other runs that a run was made from, in the metadata of results.safetensors.
 *
 * @module
 */
import { z } from "zod";
import { type Field, json } from "./codec/fields.ts";
import { isRunName } from "./identity.ts";
import type { RunOrigin } from "./record.ts";
import type { ScoredRun } from "./scored_run.ts";

const partScore = z.strictObject({
  accuracy: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  loss: z.number().nullable(),
});

/** Members are looked for beside the committee, so no name may lead elsewhere. */
const members = z.array(z.strictObject({
  settings: z.array(z.strictObject({ key: z.string(), value: z.unknown() })),
  run: z.string().refine(isRunName),
  epochs: z.int().min(0),
  scores: z.strictObject({
    validation: partScore.exactOptional(),
    test: partScore.exactOptional(),
  }),
}));

/** The members of a committee. */
export const MEMBERS: Field<readonly ScoredRun[]> = json(
  members,
  "members of a committee, with their settings and scores",
);

/** The run that a run began from. */
export const ORIGIN: Field<RunOrigin> = json(
  z.strictObject({
    run: z.string(),
    kind: z.enum(["weights", "checkpoint"]),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  "run that training began from, and the file that was taken of it",
);
