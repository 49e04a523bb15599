/**
 * Puts a worker that dies in the place of a machine's second one.
 *
 * @module
 */

/** Workers that were started while they were sabotaged, in their order. */
export interface Sabotage extends Disposable {
  readonly workers: readonly Worker[];
}

/** From now on, until it is disposed of, second workers are those of dying_worker.ts, of this name. */
export function sabotage(name: string): Sabotage {
  const Usual = globalThis.Worker;
  const workers: Worker[] = [];
  globalThis.Worker = class extends Usual {
    constructor(url: string | URL, options?: WorkerOptions) {
      const isSecond = workers.length === 1;
      super(isSecond ? new URL("./dying_worker.ts", import.meta.url) : url, { ...options, name });
      workers.push(this);
    }
  };
  return { workers, [Symbol.dispose]: () => void (globalThis.Worker = Usual) };
}
