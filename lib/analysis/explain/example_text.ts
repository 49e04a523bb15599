/**
 * Formats worked examples as text.
 *
 * @module
 */
import { formatNumber } from "../../format/numbers.ts";
import { elementName, equationDeriver } from "./equation.ts";
import type { Section, Term, WorkedExample } from "./example.ts";

/** Number of significant digits of numbers in the text of a worked example. */
const DIGITS = 9;

/** Largest number of elements of an input that are listed in one line. */
const PER_LINE = 8;

/**
 * Formats a worked example as lines: for each number its value, its equation in symbols and in numbers, and, if the
 * number is a gradient, its central difference.
 */
export function formatExample(example: WorkedExample): readonly string[] {
  return [
    "given",
    ...example.known.flatMap((term) => formatKnownTerm(term, example)),
    ...example.sections.flatMap((section) => formatSection(section, example)),
    "",
    `${example.loss.symbol} after the update: ${
      formatNumber(example.lossAfter, DIGITS)
    }, before: ` +
    formatNumber(example.valuesOf(example.loss.tensor)[0], DIGITS),
  ];
}

/**
 * Formats the elements of an input of the example as lines, with at most {@linkcode PER_LINE} elements of one
 * row in each.
 */
function formatKnownTerm({ symbol, tensor }: Term, { valuesOf }: WorkedExample): readonly string[] {
  const values = Array.from(valuesOf(tensor));
  const columns = tensor.shape.at(-1) ?? 1;
  const starts = values.map((_, index) => index)
    .filter((index) => (index % columns) % PER_LINE === 0);
  return starts.map((start, line) => {
    const end = starts[line + 1] ?? values.length;
    const texts = values.slice(start, end).map((value, index) =>
      `${elementName(symbol, tensor, start + index)} = ${formatNumber(value, DIGITS)}`
    );
    return `  ${texts.join("   ")}`;
  });
}

/** One number of a worked example, with its equation, as texts. */
export interface EquationLine {
  /** Name of the number: "z1[2]". */
  readonly name: string;
  readonly value: string;
  /** Right side of the equation in symbols; empty if it is the same text as `value`. */
  readonly symbols: string;
  /** Right side of the equation in numbers; empty if it is the same text as `value` or `symbols`. */
  readonly numbers: string;
  /** Conditions that hold for the numbers and select the branches in the equation: "z1[1] > 0". */
  readonly conditions: readonly string[];
  /** Central difference of the loss; undefined if the number is not a gradient. */
  readonly difference?: string | undefined;
}

/** Returns a line for each element of each term of a section. */
export function equationLines({ terms }: Section, example: WorkedExample): readonly EquationLine[] {
  const derive = equationDeriver(example);
  return terms.flatMap((term) =>
    Array.from(example.valuesOf(term.tensor), (each, index) => {
      const { symbols, numbers, conditions } = derive(term, index);
      const value = formatNumber(each, DIGITS);
      const difference = example.differences.get(term.symbol)?.[index];
      return {
        name: elementName(term.symbol, term.tensor, index),
        value,
        symbols: symbols === value ? "" : symbols,
        numbers: numbers === symbols || numbers === value ? "" : numbers,
        conditions,
        difference: difference === undefined ? undefined : formatNumber(difference, DIGITS),
      };
    })
  );
}

/** Formats a section as an empty line, a heading, and an aligned line for each number. */
function formatSection(section: Section, example: WorkedExample): readonly string[] {
  const { title, note } = section;
  const lines = equationLines(section, example);
  const widthOf = (textOf: (line: EquationLine) => string) =>
    lines.reduce((most, line) => Math.max(most, textOf(line).length), 0);
  const differenceOf = ({ difference }: EquationLine) =>
    difference === undefined ? "" : `≈ ${difference}`;
  const [names, values] = [widthOf(({ name }) => name), widthOf(({ value }) => value)];
  const differences = widthOf(differenceOf);
  const heading = note === undefined ? title : `${title}: ${note}`;
  return [
    "",
    differences === 0 ? heading : `${heading} (≈ central difference)`,
    ...lines.map((line) => {
      const { name, value, symbols, numbers, conditions } = line;
      const equation = [symbols, numbers].filter((each) => each !== "").map((each) => ` = ${each}`);
      const remark = conditions.length === 0 ? "" : `   (as ${conditions.join(", ")})`;
      const difference = differences === 0 ? "" : differenceOf(line).padEnd(differences + 2);
      const head = `  ${name.padEnd(names)} = ${value.padEnd(values)}  ${difference}`;
      return `${head}${equation.join("")}${remark}`.trimEnd();
    }),
  ];
}
