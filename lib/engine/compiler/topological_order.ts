import { dependenciesFirst } from "../../tensor/graph.ts";
import { takenOf, type Tensor } from "../../tensor/mod.ts";
import { type Group, viewed } from "./group.ts";
import type { LayoutPlan } from "./layout.ts";
import { isSparse } from "../../tensor/predicates.ts";
import type { Outputs } from "../../tensor/rewrite.ts";

type Task = Group | Tensor;

interface Scheduled {
  readonly outputs: Outputs;
  readonly state: Outputs;
  readonly groups: readonly Group[];
  readonly layout: LayoutPlan;
}

/**
 * Tasks in an order in which each comes after those that it rests on.
 *
 * What only outputs ask for comes last, unless it reads an old value that is replaced: sums over a whole
 * batch, which one worker makes while the others wait, then hold up nothing.
 */
export function tasksInOrder({ outputs, state, groups, layout }: Scheduled): readonly Task[] {
  const groupOf = new Map(
    groups.flatMap((group) => [...group.nodes, ...group.writes].map((node) => [node, group])),
  );
  const taskOf = (tensor: Tensor): Task => groupOf.get(tensor) ?? tensor;
  const operands = (task: Task) => operandsOf(task, layout).map(taskOf);
  const successors = Object.values(state).map(taskOf);
  const order = dependenciesFirst([...Object.values(outputs).map(taskOf), ...successors], operands);
  const early = new Set(dependenciesFirst(successors, operands));
  for (const task of order.toReversed()) {
    const isKept = early.has(task) ||
      operandsOf(task, layout).some((operand) => isReplaced(operand, state));
    if (isKept) [task, ...operands(task)].forEach((kept) => early.add(kept));
  }
  return [...order.filter((task) => early.has(task)), ...order.filter((task) => !early.has(task))];
}

/** Whether a tensor shows an input that has a successor. */
function isReplaced(tensor: Tensor, state: Outputs): boolean {
  const { operation } = viewed(tensor);
  return operation.kind === "input" && Object.hasOwn(state, operation.name);
}

/** What has to be in memory for a task; sparse and transposed factors are read as they lie. */
function operandsOf(task: Task, layout: LayoutPlan): readonly Tensor[] {
  if ("nodes" in task) return task.reads.map(({ tensor }) => tensor);
  const { operation, inputs } = task;
  if (takenOf(task) !== undefined) return rowOperands(task);
  if (operation.kind !== "matmul") return inputs;
  const [left, right] = inputs;
  const plain = untransposed(left);
  return isSparse(left)
    ? [...rowOperands(plain), right]
    : [plain, isReadTransposed(layout, right) ? untransposed(right) : right];
}

/** What rows of a data set follow from: their numbers, and what they are augmented by. */
function rowOperands({ operation, inputs: [rows, ...operands] }: Tensor): readonly Tensor[] {
  return operation.kind === "take" ? operands : [...rowOperands(rows), ...operands];
}

/** Whether a right factor is a transpose that the kernel reads where the matrix stands. */
export function isReadTransposed(layout: LayoutPlan, right: Tensor): boolean {
  return untransposed(right) !== right && layout.regionsOf(right).length === 0;
}

/** A matrix itself if it is asked for transposed. */
export function untransposed(tensor: Tensor): Tensor {
  return tensor.operation.kind === "transpose" ? tensor.inputs[0] : tensor;
}
