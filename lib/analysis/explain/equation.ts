/**
 * Derives the equation of a single element from an expression. For example, an element of `addRow(matmul(x, W), b)`
 * is "x[1]·W[1,2] + x[2]·W[2,2] + b[2]". Tensors that have a name appear under it. Where an expression selects a branch
 * by a condition, the equation has the branch that the given numbers select, and states the condition.
 *
 * @module
 */
import type { Elements } from "../../engine/reference/reference.ts";
import { formatNumber } from "../../format/numbers.ts";
import { dimension, sizeOf, type Tensor, topologicalOrder } from "../../tensor/mod.ts";
import { listTerms, type Term, type WorkedExample } from "./example.ts";

/** Equation of one element of a tensor. */
export interface Equation {
  /** Right side in symbols: "x[1]·W1[1,1] + b1[1]". */
  readonly symbols: string;
  /** Right side with numbers in place of the symbols: "0.05·0.15 + 0.35". */
  readonly numbers: string;
  /** Conditions of the branches that the numbers select: "z1[1] > 0". */
  readonly conditions: readonly string[];
}

/** Right side of an equation as a tree of sums, products, quotients, calls, symbols and numbers. */
type Node =
  | { readonly kind: "leaf"; readonly symbol: string; readonly value: number }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "sum"; readonly terms: readonly SignedNode[] }
  | { readonly kind: "product"; readonly factors: readonly Node[] }
  | { readonly kind: "quotient"; readonly over: Node; readonly under: Node }
  | { readonly kind: "call"; readonly name: string; readonly operands: readonly Node[] };

/** A term of a sum, with its sign. */
interface SignedNode {
  readonly isNegative: boolean;
  readonly node: Node;
}

/**
 * Largest number of operands of a sum or a call that are all written in an equation. If there are more, an
 * ellipsis stands for those before the last one.
 */
const MOST_OPERANDS = 4;

/** Number of significant digits of numbers in equations. */
const DIGITS = 6;

/**
 * Magnitude below which optimizers replace numbers by 0. An equation does not state the condition that a
 * number is above it.
 */
const FLUSHED = 1e-20;

/**
 * Returns a function that derives the equation of an element of a term. The right side of the equation
 * refers to terms that precede this term in the worked example.
 */
export function equationReader(
  example: WorkedExample,
): (term: Term, index: number) => Equation {
  const terms = listTerms(example);
  const places = new Map<Tensor, number>();
  terms.forEach(({ tensor }, place) => {
    for (const node of withReshapedInputs(tensor)) {
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
    const node = (termOf(tensor) === undefined ? deriveFromOperation : deriveElement)(
      reading,
      tensor,
      index,
    );
    return {
      symbols: formatNode(node, (symbol) => symbol),
      numbers: formatNode(node, (_, value) => formatNumber(value, DIGITS)),
      conditions: [...conditions],
    };
  };
}

/** Returns the name of an element: "L" for a scalar, "z1[2]" for an element of a row, "W1[2,3]" for one of a matrix. */
export function elementName(symbol: string, { shape }: Tensor, index: number): string {
  const [rows = 1, columns = rows] = shape;
  if (rows * columns === 1 && shape.length < 2) return symbol;
  if (shape.length < 2 || rows === 1) return `${symbol}[${index + 1}]`;
  return `${symbol}[${Math.floor(index / columns) + 1},${index % columns + 1}]`;
}

/** Context in which an equation is derived. */
interface Reading {
  /** Returns the term that names a node; undefined if the node must be derived from its inputs. */
  readonly termOf: (tensor: Tensor) => Term | undefined;
  readonly valuesOf: (tensor: Tensor) => Elements;
  /** Collects the conditions of the branches that the numbers select. */
  readonly conditions: Set<string>;
}

/** Derives an element of a tensor: a symbol if the tensor has a name, otherwise by the tensor's operation. */
function deriveElement(reading: Reading, tensor: Tensor, index: number): Node {
  const term = reading.termOf(tensor);
  const value = reading.valuesOf(tensor)[index];
  if (term !== undefined) {
    return { kind: "leaf", symbol: elementName(term.symbol, term.tensor, index), value };
  }
  return dependsOnIntegersOnly(tensor)
    ? { kind: "number", value }
    : deriveFromOperation(reading, tensor, index);
}

/**
 * Returns a tensor and, if it is a reshape, the tensors of the same elements from which it is reshaped: its
 * input, the input of that if it is a reshape too, and so on.
 */
function withReshapedInputs(tensor: Tensor): readonly Tensor[] {
  const { operation, inputs: [first] } = tensor;
  return operation.kind === "reshape" ? [tensor, ...withReshapedInputs(first)] : [tensor];
}

/** Returns whether a tensor is a scalar that depends on integers alone, such as a correction by the step number. */
function dependsOnIntegersOnly(tensor: Tensor): boolean {
  return tensor.shape.length === 0 &&
    topologicalOrder([tensor]).every(({ type, operation, inputs }) =>
      type === "integer" || operation.kind === "constant" || inputs.length > 0
    );
}

/** Derives an element of a tensor from the tensor's inputs, even if the tensor has a symbol of its own. */
function deriveFromOperation(reading: Reading, tensor: Tensor, index: number): Node {
  const { operation, inputs, type, shape } = tensor;
  const [first, second] = inputs;
  const value: Node = { kind: "number", value: reading.valuesOf(tensor)[index] };
  if (type === "integer") return value;
  const columns = shape.length === 2 ? dimension(tensor, 1) : 1;
  const of = (input: Tensor, at: number) => deriveElement(reading, input, at);
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
      return sumNodes(Array.from(
        { length: depth },
        (_, k) => simplifyProduct([of(first, row + k), of(second, k * columns + index % columns)]),
      ));
    }
    case "sum": {
      const [rows, across] = [dimension(first, 0), dimension(first, 1)];
      return sumNodes(
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
      return deriveFromPrimitive(reading, tensor, index) ?? value;
    default:
      return value;
  }
}

/** Derives an element of a primitive operation; returns undefined if equations do not show the operation. */
function deriveFromPrimitive(reading: Reading, tensor: Tensor, index: number): Node | undefined {
  const { operation, inputs } = tensor;
  const name = operation.kind === "primitive" ? operation.name : undefined;
  const operand = (at: number) =>
    deriveElement(reading, inputs[at], inputs[at].shape.length === 0 ? 0 : index);
  switch (name) {
    case "add":
      return sumNodes([operand(0), operand(1)]);
    case "sub":
      return simplifySum([...signedTerms(operand(0)), ...negateTerms(operand(1))]);
    case "neg":
      return simplifySum(negateTerms(operand(0)));
    case "mul":
      return simplifyProduct([operand(0), operand(1)]);
    case "div":
      return simplifyQuotient(operand(0), operand(1));
    case "abs": {
      const inner = operand(0);
      const [only, ...others] = signedTerms(inner);
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
      const condition = formatCondition(reading, mask, { index, isSet });
      if (condition !== undefined) reading.conditions.add(condition);
      return operand(isSet ? 1 : 2);
    }
    default:
      return undefined;
  }
}

/** Signs of each comparison: the first for a comparison that is true, the second for one that is false. */
const COMPARISONS: Readonly<Record<string, readonly [holds: string, fails: string]>> = {
  less: ["<", "≥"],
  lessOrEqual: ["≤", ">"],
  equal: ["=", "≠"],
};

/** Sign of each comparison after an exchange of its sides. */
const EXCHANGED: Readonly<Record<string, string>> = {
  "<": ">",
  "≥": "≤",
  "≤": "≥",
  ">": "<",
  "=": "=",
  "≠": "≠",
};

/**
 * Formats the comparison of an element of a mask as a condition that is true, for example "z1[1] > 0". Returns
 * undefined if the mask is not a comparison, or compares only numbers.
 */
function formatCondition(
  reading: Reading,
  { operation, inputs }: Tensor,
  { index, isSet }: { readonly index: number; readonly isSet: boolean },
): string | undefined {
  const signs = operation.kind === "primitive" ? COMPARISONS[operation.name] : undefined;
  if (signs === undefined) return undefined;
  const [left, right] = inputs.map((input) =>
    deriveElement(reading, input, input.shape.length === 0 ? 0 : index)
  );
  if (left.kind === "number" && right.kind === "number") return undefined;
  if (!isSet && right.kind === "number" && right.value > 0 && right.value < FLUSHED) {
    return undefined;
  }
  const sign = signs[isSet ? 0 : 1];
  const [a, b] = [left, right].map((node) => formatNode(node, (symbol) => symbol));
  return left.kind === "number" ? `${b} ${EXCHANGED[sign]} ${a}` : `${a} ${sign} ${b}`;
}

function sumNodes(nodes: readonly Node[]): Node {
  return simplifySum(nodes.flatMap(signedTerms));
}

function signedTerms(node: Node): readonly SignedNode[] {
  return node.kind === "sum" ? node.terms : [{ isNegative: false, node }];
}

function negateTerms(node: Node): readonly SignedNode[] {
  return signedTerms(node).map(({ isNegative, node }) => ({ isNegative: !isNegative, node }));
}

/** Returns the sum of signed terms, without zeros. */
function simplifySum(terms: readonly SignedNode[]): Node {
  const kept = terms.filter(({ node }) => node.kind !== "number" || node.value !== 0);
  const [first] = kept;
  if (first === undefined) return { kind: "number", value: 0 };
  return kept.length === 1 && !first.isNegative ? first.node : { kind: "sum", terms: kept };
}

/** Returns the product of nodes without the factors that are 1. Returns the number 0 if a factor is 0. */
function simplifyProduct(nodes: readonly Node[]): Node {
  const all = nodes.flatMap((node) => node.kind === "product" ? node.factors : [node]);
  const kept = all.filter((node) => node.kind !== "number" || node.value !== 1);
  const zero = kept.find((node) => node.kind === "number" && node.value === 0);
  if (zero !== undefined) return zero;
  if (kept.length === 0) return { kind: "number", value: 1 };
  return kept.length === 1 ? kept[0] : { kind: "product", factors: kept };
}

function simplifyQuotient(over: Node, under: Node): Node {
  const isOne = under.kind === "number" && under.value === 1;
  return isOne ? over : { kind: "quotient", over, under };
}

type LeafText = (symbol: string, value: number) => string;

function formatNode(node: Node, leaf: LeafText): string {
  switch (node.kind) {
    case "leaf":
      return leaf(node.symbol, node.value);
    case "number":
      return formatNumber(node.value, DIGITS);
    case "sum":
      return formatSum(node.terms, leaf);
    case "product":
      return node.factors.map((factor, at) => {
        const text = formatOperand(factor, leaf, ["sum", "quotient"]);
        return at > 0 && text.startsWith("−") ? `(${text})` : text;
      }).join("·");
    case "quotient": {
      const under = formatOperand(node.under, leaf, ["sum", "product", "quotient"]);
      return `${formatOperand(node.over, leaf, ["sum"])} / ${under}`;
    }
    case "call": {
      const operands = omitMiddle(node.operands.map((operand) => formatNode(operand, leaf)));
      return node.name === "abs" ? `|${operands[0]}|` : `${node.name}(${operands.join(", ")})`;
    }
  }
}

function formatSum(terms: readonly SignedNode[], leaf: LeafText): string {
  const texts = terms.map(({ isNegative, node }, index) => {
    const text = formatOperand(node, leaf, ["sum"]);
    const isBelowZero = text.startsWith("−");
    const shown = isBelowZero && (index > 0 || isNegative) ? text.slice(1) : text;
    const isMinus = isNegative !== (isBelowZero && shown !== text);
    if (index === 0) return isMinus ? `−${shown}` : shown;
    return `${isMinus ? "−" : "+"} ${shown}`;
  });
  return omitMiddle(texts, "+ …").join(" ");
}

/** Formats an operand. An operand of one of the given kinds is put in parentheses. */
function formatOperand(node: Node, leaf: LeafText, kinds: readonly Node["kind"][]): string {
  const text = formatNode(node, leaf);
  return kinds.includes(node.kind) ? `(${text})` : text;
}

/**
 * Returns all texts if there are at most {@linkcode MOST_OPERANDS}. Otherwise returns the first ones, an
 * ellipsis, and the last one.
 */
function omitMiddle(texts: readonly string[], ellipsis = "…"): readonly string[] {
  if (texts.length <= MOST_OPERANDS) return texts;
  return [...texts.slice(0, MOST_OPERANDS - 2), ellipsis, ...texts.slice(-1)];
}
