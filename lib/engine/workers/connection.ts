import type { Reply, Request } from "./protocol.ts";

interface Connection {
  /** Awaits the answer; rejects if the worker fails, ends or is closed. */
  ask(request: Request): Promise<Reply>;
  close(): void;
}

/** Thrown when a worker has failed or ended, and what it was to compute is not there. */
export class WorkerError extends Error {
  /** `WorkerError`. */
  override readonly name: string = "WorkerError";
}

interface Description {
  /** Which it is: "worker 2 of 3". */
  readonly name: string;
  /** What the workers are at, if anything: ' in step 5 of program "step"'. */
  readonly place: () => string;
}

/**
 * Connects to a worker: every question is answered, or rejected if the worker fails, ends or is closed.
 *
 * A worker that ends by itself sends no event, and one that is silent may be at work. So each holds a
 * lock from the time when it is opened, which the system releases when it ends, and only then; whoever
 * waits for the lock knows at once, without a clock.
 */
export function connect(worker: Worker, { name, place }: Description): Connection {
  let pending: PromiseWithResolvers<Reply> | undefined;
  let ended: Error | undefined;
  const closed = new AbortController();
  const settle = (reply: Reply | Error) => {
    if (reply instanceof Error) pending?.reject(reply);
    else pending?.resolve(reply);
    pending = undefined;
  };
  const end = (error: Error) => {
    ended ??= error;
    settle(ended);
  };
  const because = (what: string, message = "") =>
    new WorkerError(`Cannot go on: ${name} ${what}${place()}${message}`);
  const failure = (message: string) => because("failed", `: ${message}`);
  worker.onmessage = ({ data }: MessageEvent<Reply>) =>
    settle(data.kind === "failed" ? failure(data.message) : data);
  worker.onmessageerror = () => end(failure("its message cannot be read"));
  worker.onerror = (event) => {
    event.preventDefault();
    end(failure(event.message));
  };
  const ask = (request: Request): Promise<Reply> => {
    if (ended !== undefined) return Promise.reject(ended);
    pending = Promise.withResolvers<Reply>();
    worker.postMessage(request);
    return pending.promise;
  };
  const onReleased = () => end(because("ended without a word"));
  return {
    async ask(request) {
      const reply = await ask(request);
      if (request.kind === "open") watch(request.lifeline, closed.signal, onReleased);
      return reply;
    },
    close() {
      closed.abort();
      worker.terminate();
      end(new Error("Cannot run: expected an open machine: received a closed one"));
    },
  };
}

/**
 * The part of the Web Locks API that {@linkcode watch} uses. Deno has it; Deno's default library of types
 * does not, and a project that imports this module is checked against that one.
 */
interface LockHolder {
  readonly locks: {
    request(name: string, options: { signal: AbortSignal }, callback: () => void): Promise<unknown>;
  };
}

/** Tells when a lock is released, until a signal is given. */
async function watch(lock: string, signal: AbortSignal, onReleased: () => void): Promise<void> {
  const { locks }: LockHolder = navigator as unknown as LockHolder;
  try {
    await locks.request(lock, { signal }, onReleased);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
