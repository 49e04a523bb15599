/**
 * Proofs: properties that hold for every case of a large set, counted case by case. A proof returns a
 * table for the documents and the cases that contradict it.
 *
 * @module
 */
import { formatCount } from "../../lib/format/numbers.ts";

/** A proof; one module, one entry in the table of {@linkcode proofs}. */
export interface Proof {
  /** Its name: "kills" for `deno task prove kills`. */
  readonly name: string;
  /** Description of the proof in a line without the final period. */
  readonly about: string;
  /** Whether the sample needs Debian packages or the network, and so belongs to `deno task test:full`. */
  readonly needsPackages?: boolean;
  /** Titles of the table's columns. */
  readonly columns: readonly string[];
  /** Runs the proof. */
  run(options: ProofOptions): Promise<Outcome>;
}

/** Options of a proof's run. */
export interface ProofOptions {
  /** Whether to run only a sample of the cases, in a few seconds. */
  readonly sample: boolean;
  /** Seed of all that is drawn at random. */
  readonly seed: number;
  /** Prints a line of progress. */
  log(line: string): void;
}

/** A row of a table: texts, and counts, which stand right. */
export type Row = readonly (string | number)[];

/** Outcome of a proof. */
export interface Outcome {
  /** Rows of the table, a cell for each column; without dates and times, so that it changes only with its numbers. */
  readonly rows: readonly Row[];
  /** Cases that contradict the proof, a line each. Nothing is written to the documents unless it is empty. */
  readonly failures: readonly string[];
}

/** Returns the Markdown table of an outcome. */
export function proofTable({ columns }: Pick<Proof, "columns">, rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = columns.map((_, index) =>
    rows.length > 0 && rows.every((row) => typeof row[index] === "number") ? "---:" : "---"
  );
  const cellText = (cell: string | number) =>
    typeof cell === "number" ? formatCount(cell) : cell.replaceAll("|", "\\|");
  return [line(columns), line(rule), ...rows.map((row) => line(row.map(cellText)))].join("\n");
}

/** Returns a page with what stands between a proof's comments replaced. */
export function withProof(page: string, name: string, content: string): string {
  const [before, after] = [`<!-- prove ${name} -->`, `<!-- /prove ${name} -->`];
  const [from, to] = [page.indexOf(before), page.indexOf(after)];
  if (from < 0 || to < from) {
    throw new SyntaxError(
      `Cannot write the proof "${name}": expected the page to have ${before} and ${after}`,
    );
  }
  return `${page.slice(0, from)}${before}\n\n${content}\n\n${page.slice(to)}`;
}
