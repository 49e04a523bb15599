/**
 * The order of computation: each operation after those that it rests on.
 *
 * @module
 */

import type { Tensor } from "../tensor/mod.ts";
import type { Group } from "./emit.ts";
import type { LayoutPlan } from "./layout.ts";
import { isSparse } from "./reference.ts";

/** What is computed in one go: a group, or another operation. */
export type Task = Group | Tensor;

/** Tasks that results rest on, each after those that it rests on; not recursive, as it may be deep. */
export function tasksInOrder(
  results: readonly Tensor[],
  groups: readonly Group[],
  layout: LayoutPlan,
): readonly Task[] {
  const groupOf = new Map(
    groups.flatMap((group) => [...group.nodes, ...group.writes].map((node) => [node, group])),
  );
  const taskOf = (tensor: Tensor): Task => groupOf.get(tensor) ?? tensor;
  const order = new Set<Task>();
  const pending = results.map(taskOf).toReversed();
  for (let task = pending.at(-1); task !== undefined; task = pending.at(-1)) {
    const missing = order.has(task)
      ? []
      : operandsOf(task, layout).map(taskOf).filter((other) => !order.has(other));
    if (missing.length === 0) {
      order.add(task);
      pending.pop();
    } else pending.push(...missing.toReversed());
  }
  return [...order];
}

/** What has to be in memory for a task; sparse and transposed factors are read as they lie. */
function operandsOf(task: Task, layout: LayoutPlan): readonly Tensor[] {
  if ("nodes" in task) return task.reads.map(({ tensor }) => tensor);
  const { operation, inputs } = task;
  if (operation.kind === "take") return inputs.slice(1);
  if (operation.kind !== "matmul") return inputs;
  const [left, right] = inputs as readonly [Tensor, Tensor];
  const plain = untransposed(left);
  return isSparse(left)
    ? [plain.inputs[1] as Tensor, right]
    : [plain, isReadTransposed(layout, right) ? untransposed(right) : right];
}

/** Whether a right factor is a transpose that the kernel reads where the matrix stands. */
export function isReadTransposed(layout: LayoutPlan, right: Tensor): boolean {
  const plain = untransposed(right);
  return plain !== right && layout.regionsOf(plain).length === 0 &&
    layout.regionsOf(right).length === 0;
}

/** A matrix itself if it is asked for transposed. */
export function untransposed(tensor: Tensor): Tensor {
  return tensor.operation.kind === "transpose" ? tensor.inputs[0] as Tensor : tensor;
}
