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
  /** Conditions that hold for the numbers and select the branches in the equation: "z1[1] > 0". */
  readonly conditions: readonly string[];
}

/** Right side of an equation as a tree of sums, products, quotients, function calls, symbols and numbers. */
type Node =
  | { readonly kind: "leaf"; readonly symbol: string; readonly value: number }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "sum"; readonly terms: readonly SignedNode[] }
  | { readonly kind: "product"; readonly factors: readonly Node[] }
  | { readonly kind: "quotient"; readonly numerator: Node; readonly denominator: Node }
  | { readonly kind: "call"; readonly name: string; readonly operands: readonly Node[] };

/** A term of a sum, with its sign. */
interface SignedNode {
  readonly isNegative: boolean;
  readonly node: Node;
}

/**
 * Largest number of terms of a sum, or of operands of a function call, that are all written. If there are more,
 * an ellipsis stands for those between the first ones and the last.
 */
const MOST_OPERANDS = 4;

/** Number of significant digits of numbers in equations. */
const DIGITS = 6;

/**
 * Magnitude below which optimizers replace numbers by 0. A comparison with a smaller positive number is not
 * stated where it fails.
 */
const FLUSHED = 1e-20;

/**
 * Returns a function that derives the equation of one element of a term of a worked example. Symbols on the
 * right side belong to terms that precede this term in the example. `index` is the index of the element in
 * row-major order, from 0.
 */
export function equationDeriver(
  example: WorkedExample,
): (term: Term, index: number) => Equation {
  const terms = listTerms(example);
  const termIndices = new Map<Tensor, number>();
  terms.forEach(({ tensor }, place) => {
    for (const node of withReshapedInputs(tensor)) {
      if (!termIndices.has(node)) termIndices.set(node, place);
    }
  });
  return ({ symbol, tensor }, index) => {
    const end = terms.findIndex((each) => each.symbol === symbol);
    const conditions = new Set<string>();
    const termOf = (node: Tensor) => {
      const place = termIndices.get(node) ?? end;
      return place < end ? terms[place] : undefined;
    };
    const context = { termOf, valuesOf: example.valuesOf, conditions };
    const node = (termOf(tensor) === undefined ? deriveFromOperation : deriveElement)(
      context,
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

/**
 * Returns the name of an element, whose indices count from 1: "L" for a scalar, "z1[2]" for an element of a
 * row, "W1[2,3]" for one of a matrix.
 *
 * @param index index of the element in row-major order, from 0
 */
export function elementName(symbol: string, { shape }: Tensor, index: number): string {
  const [rows = 1, columns = rows] = shape;
  if (rows * columns === 1 && shape.length < 2) return symbol;
  if (shape.length < 2 || rows === 1) return `${symbol}[${index + 1}]`;
  return `${symbol}[${Math.floor(index / columns) + 1},${index % columns + 1}]`;
}

/** Context in which an equation is derived. */
interface DerivationContext {
  /** Returns the term whose symbol stands for a tensor; undefined if the tensor is derived from its inputs. */
  readonly termOf: (tensor: Tensor) => Term | undefined;
  readonly valuesOf: (tensor: Tensor) => Elements;
  /** Collects the conditions of the branches that the numbers select. */
  readonly conditions: Set<string>;
}

/**
 * Derives an element of a tensor: its symbol if a term has the tensor, its number if the tensor depends on
 * integers alone, otherwise the operation of the tensor on its inputs.
 */
function deriveElement(context: DerivationContext, tensor: Tensor, index: number): Node {
  const term = context.termOf(tensor);
  const value = context.valuesOf(tensor)[index];
  if (term !== undefined) {
    return { kind: "leaf", symbol: elementName(term.symbol, term.tensor, index), value };
  }
  return dependsOnIntegersOnly(tensor)
    ? { kind: "number", value }
    : deriveFromOperation(context, tensor, index);
}

/**
 * Returns a tensor and, if it is a reshape, the input that it reshapes, the input of this input if that is a
 * reshape too, and so on. All have the same elements.
 */
function withReshapedInputs(tensor: Tensor): readonly Tensor[] {
  const { operation, inputs: [first] } = tensor;
  return operation.kind === "reshape" ? [tensor, ...withReshapedInputs(first)] : [tensor];
}

/**
 * Returns whether a tensor is a scalar computed from integer inputs and constants alone, such as a correction
 * by the step number.
 */
function dependsOnIntegersOnly(tensor: Tensor): boolean {
  return tensor.shape.length === 0 &&
    topologicalOrder([tensor]).every(({ type, operation, inputs }) =>
      type === "integer" || operation.kind === "constant" || inputs.length > 0
    );
}

/**
 * Derives an element of a tensor from the tensor's inputs, even if a term has the tensor. Integers, and
 * operations that equations do not show, are derived as numbers.
 */
function deriveFromOperation(context: DerivationContext, tensor: Tensor, index: number): Node {
  const { operation, inputs, type, shape } = tensor;
  const [first, second] = inputs;
  const value: Node = { kind: "number", value: context.valuesOf(tensor)[index] };
  if (type === "integer") return value;
  const columns = shape.length === 2 ? dimension(tensor, 1) : 1;
  const of = (input: Tensor, at: number) => deriveElement(context, input, at);
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
      return of(first, index * dimension(first, 1) + context.valuesOf(second)[index]);
    case "function":
      return { kind: "call", name: operation.name, operands: [of(first, index)] };
    case "primitive":
      return deriveFromPrimitive(context, tensor, index) ?? value;
    default:
      return value;
  }
}

/** Derives an element of a primitive operation; returns undefined if equations do not show the operation. */
function deriveFromPrimitive(
  context: DerivationContext,
  tensor: Tensor,
  index: number,
): Node | undefined {
  const { operation, inputs } = tensor;
  const name = operation.kind === "primitive" ? operation.name : undefined;
  const operand = (at: number) =>
    deriveElement(context, inputs[at], inputs[at].shape.length === 0 ? 0 : index);
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
      const isSet = context.valuesOf(mask)[mask.shape.length === 0 ? 0 : index] !== 0;
      const condition = formatCondition(context, mask, { index, isSet });
      if (condition !== undefined) context.conditions.add(condition);
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
 * Formats the comparison of one element of a mask as a condition that is true, for example "z1[1] > 0". Returns
 * undefined if the mask is not a comparison, compares only numbers, or is false in a comparison with a number
 * below {@linkcode FLUSHED}.
 *
 * @param index index of the element in row-major order
 * @param isSet value of the element
 */
function formatCondition(
  context: DerivationContext,
  { operation, inputs }: Tensor,
  { index, isSet }: { readonly index: number; readonly isSet: boolean },
): string | undefined {
  const signs = operation.kind === "primitive" ? COMPARISONS[operation.name] : undefined;
  if (signs === undefined) return undefined;
  const [left, right] = inputs.map((input) =>
    deriveElement(context, input, input.shape.length === 0 ? 0 : index)
  );
  if (left.kind === "number" && right.kind === "number") return undefined;
  if (!isSet && right.kind === "number" && right.value > 0 && right.value < FLUSHED) {
    return undefined;
  }
  const sign = signs[isSet ? 0 : 1];
  const [a, b] = [left, right].map((node) => formatNode(node, (symbol) => symbol));
  return left.kind === "number" ? `${b} ${EXCHANGED[sign]} ${a}` : `${a} ${sign} ${b}`;
}

/** Returns the simplified sum of nodes; the terms of nodes that are sums become terms of the result. */
function sumNodes(nodes: readonly Node[]): Node {
  return simplifySum(nodes.flatMap(signedTerms));
}

/** Returns the terms of a sum. Any other node is its own single term. */
function signedTerms(node: Node): readonly SignedNode[] {
  return node.kind === "sum" ? node.terms : [{ isNegative: false, node }];
}

/** Returns the terms of a node with opposite signs. */
function negateTerms(node: Node): readonly SignedNode[] {
  return signedTerms(node).map(({ isNegative, node }) => ({ isNegative: !isNegative, node }));
}

/** Returns the sum of signed terms without the numbers that are 0. A single positive term is returned itself. */
function simplifySum(terms: readonly SignedNode[]): Node {
  const kept = terms.filter(({ node }) => node.kind !== "number" || node.value !== 0);
  const [first] = kept;
  if (first === undefined) return { kind: "number", value: 0 };
  return kept.length === 1 && !first.isNegative ? first.node : { kind: "sum", terms: kept };
}

/**
 * Returns the product of nodes without the factors that are the number 1. Returns the number 0 if a factor is
 * 0.
 */
function simplifyProduct(nodes: readonly Node[]): Node {
  const all = nodes.flatMap((node) => node.kind === "product" ? node.factors : [node]);
  const kept = all.filter((node) => node.kind !== "number" || node.value !== 1);
  const zero = kept.find((node) => node.kind === "number" && node.value === 0);
  if (zero !== undefined) return zero;
  if (kept.length === 0) return { kind: "number", value: 1 };
  return kept.length === 1 ? kept[0] : { kind: "product", factors: kept };
}

function simplifyQuotient(numerator: Node, denominator: Node): Node {
  const isOne = denominator.kind === "number" && denominator.value === 1;
  return isOne ? numerator : { kind: "quotient", numerator, denominator };
}

/** Function that returns the text of a leaf of an equation: the symbol itself, or its value as a number. */
type FormatLeaf = (symbol: string, value: number) => string;

function formatNode(node: Node, formatLeaf: FormatLeaf): string {
  switch (node.kind) {
    case "leaf":
      return formatLeaf(node.symbol, node.value);
    case "number":
      return formatNumber(node.value, DIGITS);
    case "sum":
      return formatSum(node.terms, formatLeaf);
    case "product":
      return node.factors.map((factor, at) => {
        const text = formatOperand(factor, formatLeaf, ["sum", "quotient"]);
        return at > 0 && text.startsWith("−") ? `(${text})` : text;
      }).join("·");
    case "quotient": {
      const denominator = formatOperand(node.denominator, formatLeaf, [
        "sum",
        "product",
        "quotient",
      ]);
      return `${formatOperand(node.numerator, formatLeaf, ["sum"])} / ${denominator}`;
    }
    case "call": {
      const operands = omitMiddle(node.operands.map((operand) => formatNode(operand, formatLeaf)));
      return node.name === "abs" ? `|${operands[0]}|` : `${node.name}(${operands.join(", ")})`;
    }
  }
}

function formatSum(terms: readonly SignedNode[], formatLeaf: FormatLeaf): string {
  const texts = terms.map(({ isNegative, node }, index) => {
    const text = formatOperand(node, formatLeaf, ["sum"]);
    const isBelowZero = text.startsWith("−");
    const shown = isBelowZero && (index > 0 || isNegative) ? text.slice(1) : text;
    const isMinus = isNegative !== (isBelowZero && shown !== text);
    if (index === 0) return isMinus ? `−${shown}` : shown;
    return `${isMinus ? "−" : "+"} ${shown}`;
  });
  return omitMiddle(texts, "+ …").join(" ");
}

/** Formats an operand, in parentheses if its kind is in `parenthesized`. */
function formatOperand(
  node: Node,
  formatLeaf: FormatLeaf,
  parenthesized: readonly Node["kind"][],
): string {
  const text = formatNode(node, formatLeaf);
  return parenthesized.includes(node.kind) ? `(${text})` : text;
}

/**
 * Returns all texts if there are at most {@linkcode MOST_OPERANDS}. Otherwise returns the first ones, an
 * ellipsis, and the last one.
 */
function omitMiddle(texts: readonly string[], ellipsis = "…"): readonly string[] {
  if (texts.length <= MOST_OPERANDS) return texts;
  return [...texts.slice(0, MOST_OPERANDS - 2), ellipsis, ...texts.slice(-1)];
}
