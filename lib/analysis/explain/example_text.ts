import { formatNumber } from "../../format/numbers.ts";
import { elementName, equationReader } from "./equation.ts";
import type { Section, Term, WorkedExample } from "./example.ts";

/** Significant digits of the numbers of an example. */
const DIGITS = 9;

/** Elements of an input that are listed in a line. */
const PER_LINE = 8;

/**
 * Returns the text of a worked example: for each number its equation, the equation in numbers, and the value;
 * for each gradient also its central difference.
 */
export function exampleLines(example: WorkedExample): readonly string[] {
  const reader = equationReader(example);
  return [
    "given",
    ...example.known.flatMap((term) => knownLines(term, example)),
    ...example.sections.flatMap((section) => sectionLines(section, example, reader)),
    "",
    `${example.loss.symbol} after the update: ${
      formatNumber(example.lossAfter, DIGITS)
    }, before: ` +
    formatNumber(example.valuesOf(example.loss.tensor)[0], DIGITS),
  ];
}

function knownLines({ symbol, tensor }: Term, { valuesOf }: WorkedExample): readonly string[] {
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

function sectionLines(
  { title, note, terms }: Section,
  { valuesOf, differences }: WorkedExample,
  reader: ReturnType<typeof equationReader>,
): readonly string[] {
  const rows = terms.flatMap((term) => {
    const { symbol, tensor } = term;
    return Array.from(valuesOf(tensor), (value, index) => {
      const { symbols, numbers, conditions } = reader(term, index);
      const shown = formatNumber(value, DIGITS);
      const difference = differences.get(symbol)?.[index];
      return {
        name: elementName(symbol, tensor, index),
        equation: symbols === numbers || numbers === shown ? symbols : `${symbols} = ${numbers}`,
        value: shown,
        remarks: [
          ...(conditions.length === 0 ? [] : [`as ${conditions.join(", ")}`]),
          ...(difference === undefined
            ? []
            : [`central difference ${formatNumber(difference, DIGITS)}`]),
        ].join("; "),
      };
    });
  });
  const widthOf = (field: "name" | "value") =>
    rows.reduce((most, row) => Math.max(most, row[field].length), 0);
  const [names, values] = [widthOf("name"), widthOf("value")];
  return [
    "",
    note === undefined ? title : `${title}: ${note}`,
    ...rows.map(({ name, equation, value, remarks }) => {
      const line = equation === value ? "" : `   = ${equation}`;
      const remark = remarks === "" ? "" : `   (${remarks})`;
      return `  ${name.padEnd(names)} = ${value.padEnd(values)}${line}${remark}`.trimEnd();
    }),
  ];
}
