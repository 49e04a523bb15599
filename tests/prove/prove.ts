/**
 * `deno task prove`: proofs that take long, and the tables that the documents show of them.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { writeFileAtomic } from "../../lib/io/files.ts";
import { callCommand } from "../../pipelines/cli/command.ts";
import { defineCommand } from "../../pipelines/cli/declaration.ts";
import { flag, UsageError, wholeNumber, withDefault } from "../../pipelines/cli/options.ts";
import { type Proof, proofTable, withProof } from "./proof.ts";
import { proofs } from "./proofs.ts";

/** The page that has a place for the table of each proof. */
export const PAGE = "lib/docs/exactness.md";

const path = fromFileUrl(new URL(`../../${PAGE}`, import.meta.url));

/** The command. */
export const command = defineCommand({
  name: "prove",
  summary: "Runs the long proofs, or the named ones, and writes their tables into the documents",
  usage: ["", "NAME..."],
  about: `The proofs:
${proofs.map(({ name, about }) => `  ${name.padEnd(12)}${about}`).join("\n")}`,
  options: {
    sample: flag("Run a sample of each proof, in seconds, as the gate does, and write nothing"),
    seed: withDefault("N", "1", "Seed of all that is drawn at random", wholeNumber(0, 2 ** 31)),
  },
  result: `A proof's table replaces the one in ${PAGE}. One that fails writes nothing.`,
  exits: { 1: "a proof failed" },
  async run({ positionals, options: { sample, seed } }) {
    let failed = 0;
    for (const proof of chosen(positionals)) {
      const log = (line: string) => console.error(`${proof.name}: ${line}`);
      const { rows, failures } = await proof.run({ sample, seed, log });
      console.log(proofTable(proof, rows));
      failures.forEach((failure) => log(failure));
      if (failures.length > 0) failed++;
      else if (!sample) await writeTable(proof, `${proofTable(proof, rows)}\n\n${origin(proof)}`);
    }
    if (failed > 0) return 1;
  },
});

/** Returns the proofs of these names, or all. */
function chosen(names: readonly string[]): readonly Proof[] {
  if (names.length === 0) return proofs;
  return names.map((name) => {
    const proof = proofs.find((each) => each.name === name);
    if (proof !== undefined) return proof;
    const known = proofs.map((each) => `"${each.name}"`).join(", ");
    throw new UsageError(`expected proofs out of ${known}: received "${name}"`);
  });
}

/** Says where a table comes from: the command, the runtime and the machine. */
function origin({ name }: Proof): string {
  const { arch, os } = Deno.build;
  const { deno, v8 } = Deno.version;
  return `By \`deno task prove ${name}\` with Deno ${deno} (V8 ${v8}) on ${os}, ${arch}.`;
}

async function writeTable({ name }: Proof, content: string): Promise<void> {
  await writeFileAtomic(path, withProof(await Deno.readTextFile(path), name, content));
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", path] }).output();
}

if (import.meta.main) Deno.exit(await callCommand(command, Deno.args));
