/**
 * Orders the tasks of a program by their dependencies. A task is a group of elementwise operations or a
 * structured operation.
 *
 * @module
 */
import { sortTopologically } from "../../tensor/graph.ts";
import { sourceRowsOf, type Tensor } from "../../tensor/mod.ts";
import { type Group, viewedTensor } from "./group.ts";
import type { LayoutPlan } from "./layout.ts";
import { isSparse } from "../../tensor/predicates.ts";
import type { Outputs } from "../../tensor/rewrite.ts";

/**
 * A part of a program that is lowered at once: a group of elementwise operations or a structured operation.
 */
type Task = Group | Tensor;

/** An expression whose tasks are to be ordered. */
interface Scheduled {
  readonly outputs: Outputs;
  readonly state: Outputs;
  readonly groups: readonly Group[];
  readonly layout: LayoutPlan;
}

/**
 * Returns the tasks of a program in topological order: each after the tasks on which it depends.
 *
 * Tasks that only outputs need come last, unless they read a state that is replaced. So sums over a whole
 * batch, which one worker computes while the others wait, delay no other task.
 */
export function scheduleTasks({ outputs, state, groups, layout }: Scheduled): readonly Task[] {
  const groupOf = new Map(
    groups.flatMap((group) => [...group.nodes, ...group.writes].map((node) => [node, group])),
  );
  const taskOf = (tensor: Tensor): Task => groupOf.get(tensor) ?? tensor;
  const operands = (task: Task) => taskOperands(task, layout).map(taskOf);
  const successors = Object.values(state).map(taskOf);
  const order = sortTopologically([...Object.values(outputs).map(taskOf), ...successors], operands);
  const early = new Set(sortTopologically(successors, operands));
  for (const task of order.toReversed()) {
    const isKept = early.has(task) ||
      taskOperands(task, layout).some((operand) => isReplacedInput(operand, state));
    if (isKept) [task, ...operands(task)].forEach((kept) => early.add(kept));
  }
  return [...order.filter((task) => early.has(task)), ...order.filter((task) => !early.has(task))];
}

/** Returns whether a tensor is an input for which `state` has a new value, or a view of such an input. */
function isReplacedInput(tensor: Tensor, state: Outputs): boolean {
  const { operation } = viewedTensor(tensor);
  return operation.kind === "input" && Object.hasOwn(state, operation.name);
}

/**
 * Returns the tensors that a task reads from memory. A product reads a transposed factor from the matrix
 * before the transpose, and a sparse factor from its data set, by the operands of its rows.
 */
function taskOperands(task: Task, layout: LayoutPlan): readonly Tensor[] {
  if ("nodes" in task) return task.reads.map(({ tensor }) => tensor);
  const { operation, inputs } = task;
  if (sourceRowsOf(task) !== undefined) return rowOperands(task);
  if (operation.kind !== "matmul") return inputs;
  const [left, right] = inputs;
  const plain = untransposed(left);
  return isSparse(left)
    ? [...rowOperands(plain), right]
    : [plain, isReadTransposed(layout, right) ? untransposed(right) : right];
}

/**
 * Returns the operands of rows that were gathered from a data set: their indices in the data set, and the
 * parameters of their augmentations.
 */
function rowOperands({ operation, inputs: [rows, ...operands] }: Tensor): readonly Tensor[] {
  return operation.kind === "gatherRows" ? operands : [...rowOperands(rows), ...operands];
}

/**
 * Returns whether the right factor of a product is a transpose, and the product's kernel reads it from the
 * row-major matrix before the transpose. A transpose in panels is not read so.
 */
export function isReadTransposed(layout: LayoutPlan, right: Tensor): boolean {
  return untransposed(right) !== right && layout.regionsOf(right).length === 0;
}

/** Returns the matrix before a transpose. Returns a tensor that is not a transpose itself. */
export function untransposed(tensor: Tensor): Tensor {
  return tensor.operation.kind === "transpose" ? tensor.inputs[0] : tensor;
}
