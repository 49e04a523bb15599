/**
 * Equations of single elements, read off the expression: an element of `addRow(matmul(x, W), b)` is
 * "x[1]·W[1,2] + x[2]·W[2,2] + b[2]". Reading stops at named terms. Where an expression selects by a condition,
 * the equation states the condition and the branch that these numbers select.
 *
 * @module
 */
import type { Elements } from "../../engine/reference/reference.ts";
import { formatNumber } from "../../format/numbers.ts";
import { dimension, sizeOf, type Tensor, topologicalOrder } from "../../tensor/mod.ts";
import { type Term, termsOf, type WorkedExample } from "./example.ts";

/** The equation of one element. */
export interface Equation {
  /** Right side in symbols: "x[1]·W1[1,1] + b1[1]". */
  readonly symbols: string;
  /** The same with numbers for the symbols: "0.05·0.15 + 0.35". */
  readonly numbers: string;
  /** Conditions of the branches taken: "z1[1] > 0". */
  readonly conditions: readonly string[];
}

/** An expression of one element. */
type Node =
  | { readonly kind: "leaf"; readonly symbol: string; readonly value: number }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "sum"; readonly terms: readonly SignedNode[] }
  | { readonly kind: "product"; readonly factors: readonly Node[] }
  | { readonly kind: "quotient"; readonly over: Node; readonly under: Node }
  | { readonly kind: "call"; readonly name: string; readonly operands: readonly Node[] };

interface SignedNode {
  readonly isNegative: boolean;
  readonly node: Node;
}

/** Operands of a sum or a call that are written; of more, the first ones and the last. */
const MOST_OPERANDS = 4;

/** Significant digits of numbers in equations. */
const DIGITS = 6;

/** Limit of the sizes below which optimizers set means to 0; that a number is larger is not stated. */
const FLUSHED = 1e-20;

/** Returns a function that reads the equation of an element of a term, from the terms before it. */
export function equationReader(
  example: WorkedExample,
): (term: Term, index: number) => Equation {
  const terms = termsOf(example);
  const places = new Map<Tensor, number>();
  terms.forEach(({ tensor }, place) => {
    for (const node of sameElements(tensor)) {
      if (!places.has(node)) places.set(node, place);
    }
  });
  return ({ symbol, tensor }, index) => {
    const end = terms.findIndex((each) => each.symbol === symbol);
    const conditions = new Set<string>();
    const termOf = (node: Tensor) => {
      const place = places.get(node) ?? end;
      return place < end ? terms[place] : undefined;
    };
    const reading = { termOf, valuesOf: example.valuesOf, conditions };
    const node = (termOf(tensor) === undefined ? readNode : read)(reading, tensor, index);
    return {
      symbols: format(node, (symbol) => symbol),
      numbers: format(node, (_, value) => formatNumber(value, DIGITS)),
      conditions: [...conditions],
    };
  };
}

/** Names an element: "L" of a single number, "z1[2]" of one row, "W1[2,3]" of a matrix. */
export function elementName(symbol: string, { shape }: Tensor, index: number): string {
  const [rows = 1, columns = rows] = shape;
  if (rows * columns === 1 && shape.length < 2) return symbol;
  if (shape.length < 2 || rows === 1) return `${symbol}[${index + 1}]`;
  return `${symbol}[${Math.floor(index / columns) + 1},${index % columns + 1}]`;
}

interface Reading {
  /** Returns the term with the elements of a node, if it may be named. */
  readonly termOf: (tensor: Tensor) => Term | undefined;
  readonly valuesOf: (tensor: Tensor) => Elements;
  /** Receives the conditions of the branches that are read. */
  readonly conditions: Set<string>;
}

/** Reads an element of a node that may be a term, whose name is read. */
function read(reading: Reading, tensor: Tensor, index: number): Node {
  const term = reading.termOf(tensor);
  const value = reading.valuesOf(tensor)[index];
  if (term !== undefined) {
    return { kind: "leaf", symbol: elementName(term.symbol, term.tensor, index), value };
  }
  return isOfStep(tensor) ? { kind: "number", value } : readNode(reading, tensor, index);
}

/** Returns a node and, while it only reshapes, the node that has the same elements. */
function sameElements(tensor: Tensor): readonly Tensor[] {
  const { operation, inputs: [first] } = tensor;
  return operation.kind === "reshape" ? [tensor, ...sameElements(first)] : [tensor];
}

/** Returns whether a number [] depends on integers alone, such as a correction by the number of the step. */
function isOfStep(tensor: Tensor): boolean {
  return tensor.shape.length === 0 &&
    topologicalOrder([tensor]).every(({ type, operation, inputs }) =>
      type === "integer" || operation.kind === "constant" || inputs.length > 0
    );
}

/** Reads an element of a node by its operation, even if it is a term. */
function readNode(reading: Reading, tensor: Tensor, index: number): Node {
  const { operation, inputs, type, shape } = tensor;
  const [first, second] = inputs;
  const value: Node = { kind: "number", value: reading.valuesOf(tensor)[index] };
  if (type === "integer") return value;
  const columns = shape.length === 2 ? dimension(tensor, 1) : 1;
  const of = (input: Tensor, at: number) => read(reading, input, at);
  switch (operation.kind) {
    case "broadcast": {
      const at = { row: index % columns, column: Math.floor(index / columns), scalar: 0 };
      return of(first, at[operation.along]);
    }
    case "slice":
      return of(first, operation.offset + index);
    case "reshape":
      return of(first, index);
    case "transpose": {
      const rows = dimension(first, 0);
      return of(first, (index % rows) * dimension(first, 1) + Math.floor(index / rows));
    }
    case "matmul": {
      const depth = dimension(first, 1);
      const row = Math.floor(index / columns) * depth;
      return sumOf(Array.from(
        { length: depth },
        (_, k) => product([of(first, row + k), of(second, k * columns + index % columns)]),
      ));
    }
    case "sum": {
      const [rows, across] = [dimension(first, 0), dimension(first, 1)];
      return sumOf(
        operation.axis === "rows"
          ? Array.from({ length: rows }, (_, row) => of(first, row * across + index))
          : Array.from({ length: across }, (_, column) => of(first, index * across + column)),
      );
    }
    case "max": {
      const across = dimension(first, 1);
      const operands = Array.from(
        { length: across },
        (_, column) => of(first, index * across + column),
      );
      return { kind: "call", name: "max", operands };
    }
    case "concatenate": {
      const sizes = inputs.map(({ shape }) => sizeOf(shape));
      const starts = sizes.map((_, part) => sizes.slice(0, part).reduce((a, b) => a + b, 0));
      const part = starts.findLastIndex((start) => start <= index);
      return of(inputs[part], index - starts[part]);
    }
    case "gatherColumns":
      return of(first, index * dimension(first, 1) + reading.valuesOf(second)[index]);
    case "function":
      return { kind: "call", name: operation.name, operands: [of(first, index)] };
    case "primitive":
      return readPrimitive(reading, tensor, index) ?? value;
    default:
      return value;
  }
}

/** Reads a primitive operation that equations show; undefined for any other. */
function readPrimitive(reading: Reading, tensor: Tensor, index: number): Node | undefined {
  const { operation, inputs } = tensor;
  const name = operation.kind === "primitive" ? operation.name : undefined;
  const operand = (at: number) =>
    read(reading, inputs[at], inputs[at].shape.length === 0 ? 0 : index);
  switch (name) {
    case "add":
      return sumOf([operand(0), operand(1)]);
    case "sub":
      return signedSum([...termsIn(operand(0)), ...negated(operand(1))]);
    case "neg":
      return signedSum(negated(operand(0)));
    case "mul":
      return product([operand(0), operand(1)]);
    case "div":
      return quotient(operand(0), operand(1));
    case "abs": {
      const inner = operand(0);
      const [only, ...others] = termsIn(inner);
      return { kind: "call", name, operands: [others.length === 0 ? only.node : inner] };
    }
    case "sqrt":
      return { kind: "call", name, operands: [operand(0)] };
    case "max":
    case "min":
      return { kind: "call", name, operands: [operand(0), operand(1)] };
    case "selectFloat": {
      const [mask] = inputs;
      const isSet = reading.valuesOf(mask)[mask.shape.length === 0 ? 0 : index] !== 0;
      const condition = conditionOf(reading, mask, { index, isSet });
      if (condition !== undefined) reading.conditions.add(condition);
      return operand(isSet ? 1 : 2);
    }
    default:
      return undefined;
  }
}

/** Signs of comparisons that hold, and of those that do not. */
const COMPARISONS: Readonly<Record<string, readonly [holds: string, fails: string]>> = {
  less: ["<", "≥"],
  lessOrEqual: ["≤", ">"],
  equal: ["=", "≠"],
};

/** The same comparisons with their sides exchanged. */
const EXCHANGED: Readonly<Record<string, string>> = {
  "<": ">",
  "≥": "≤",
  "≤": "≥",
  ">": "<",
  "=": "=",
  "≠": "≠",
};

/** Returns a comparison of numbers as a condition that is met; undefined for other masks. */
function conditionOf(
  reading: Reading,
  { operation, inputs }: Tensor,
  { index, isSet }: { readonly index: number; readonly isSet: boolean },
): string | undefined {
  const signs = operation.kind === "primitive" ? COMPARISONS[operation.name] : undefined;
  if (signs === undefined) return undefined;
  const [left, right] = inputs.map((input) =>
    read(reading, input, input.shape.length === 0 ? 0 : index)
  );
  if (left.kind === "number" && right.kind === "number") return undefined;
  if (!isSet && right.kind === "number" && right.value > 0 && right.value < FLUSHED) {
    return undefined;
  }
  const sign = signs[isSet ? 0 : 1];
  const [a, b] = [left, right].map((node) => format(node, (symbol) => symbol));
  return left.kind === "number" ? `${b} ${EXCHANGED[sign]} ${a}` : `${a} ${sign} ${b}`;
}

function sumOf(nodes: readonly Node[]): Node {
  return signedSum(nodes.flatMap(termsIn));
}

function termsIn(node: Node): readonly SignedNode[] {
  return node.kind === "sum" ? node.terms : [{ isNegative: false, node }];
}

function negated(node: Node): readonly SignedNode[] {
  return termsIn(node).map(({ isNegative, node }) => ({ isNegative: !isNegative, node }));
}

/** Returns a sum without its zeros. */
function signedSum(terms: readonly SignedNode[]): Node {
  const kept = terms.filter(({ node }) => node.kind !== "number" || node.value !== 0);
  const [first] = kept;
  if (first === undefined) return { kind: "number", value: 0 };
  return kept.length === 1 && !first.isNegative ? first.node : { kind: "sum", terms: kept };
}

/** Returns a product without its ones. */
function product(nodes: readonly Node[]): Node {
  const all = nodes.flatMap((node) => node.kind === "product" ? node.factors : [node]);
  const kept = all.filter((node) => node.kind !== "number" || node.value !== 1);
  const zero = kept.find((node) => node.kind === "number" && node.value === 0);
  if (zero !== undefined) return zero;
  if (kept.length === 0) return { kind: "number", value: 1 };
  return kept.length === 1 ? kept[0] : { kind: "product", factors: kept };
}

function quotient(over: Node, under: Node): Node {
  const isOne = under.kind === "number" && under.value === 1;
  return isOne ? over : { kind: "quotient", over, under };
}

type LeafText = (symbol: string, value: number) => string;

function format(node: Node, leaf: LeafText): string {
  switch (node.kind) {
    case "leaf":
      return leaf(node.symbol, node.value);
    case "number":
      return formatNumber(node.value, DIGITS);
    case "sum":
      return formatSum(node.terms, leaf);
    case "product":
      return node.factors.map((factor, at) => {
        const text = within(factor, leaf, ["sum", "quotient"]);
        return at > 0 && text.startsWith("−") ? `(${text})` : text;
      }).join("·");
    case "quotient": {
      const under = within(node.under, leaf, ["sum", "product", "quotient"]);
      return `${within(node.over, leaf, ["sum"])} / ${under}`;
    }
    case "call": {
      const operands = shortened(node.operands.map((operand) => format(operand, leaf)));
      return node.name === "abs" ? `|${operands[0]}|` : `${node.name}(${operands.join(", ")})`;
    }
  }
}

function formatSum(terms: readonly SignedNode[], leaf: LeafText): string {
  const texts = terms.map(({ isNegative, node }, index) => {
    const text = within(node, leaf, ["sum"]);
    const isBelowZero = text.startsWith("−");
    const shown = isBelowZero && (index > 0 || isNegative) ? text.slice(1) : text;
    const isMinus = isNegative !== (isBelowZero && shown !== text);
    if (index === 0) return isMinus ? `−${shown}` : shown;
    return `${isMinus ? "−" : "+"} ${shown}`;
  });
  return shortened(texts, "+ …").join(" ");
}

/** Formats an operand, in parentheses if it is of one of the kinds. */
function within(node: Node, leaf: LeafText, kinds: readonly Node["kind"][]): string {
  const text = format(node, leaf);
  return kinds.includes(node.kind) ? `(${text})` : text;
}

/** Returns texts, or of too many the first ones and the last. */
function shortened(texts: readonly string[], ellipsis = "…"): readonly string[] {
  if (texts.length <= MOST_OPERANDS) return texts;
  return [...texts.slice(0, MOST_OPERANDS - 2), ellipsis, ...texts.slice(-1)];
}
