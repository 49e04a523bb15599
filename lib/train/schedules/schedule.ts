/**
 * What a schedule is: the learning rate of each step.
 *
 * @module
 */

/**
 * Learning rate of a step, 1 to `steps`, of a run of so many steps: a pure function, computed in
 * double precision from + − × ÷ and the project's own functions, so that all machines agree.
 */
export type Schedule = (step: number, steps: number) => number;
