/**
 * Connections from the main thread to workers: request and reply, and detection of workers that end.
 *
 * @module
 */
import type { Reply, Request } from "./protocol.ts";

/** A connection from the main thread to a worker. */
interface Connection {
  /**
   * Sends a request; the one before must have been answered. Resolves to the reply; rejects if the worker
   * fails, ends or is closed.
   */
  request(request: Request): Promise<Reply>;
  /** Terminates the worker. A pending request and all later ones reject. */
  close(): void;
}

/** An error thrown when a worker fails or ends before it has computed its result. */
export class WorkerError extends Error {
  /** `WorkerError`. */
  override readonly name: string = "WorkerError";
}

/** Texts about a worker for error messages. */
interface Description {
  /** Name of the worker: "worker 2 of 3". */
  readonly name: string;
  /** Returns the step that the worker executes: ' in step 5 of program "step"', or "" if no segment runs. */
  readonly runningStep: () => string;
}

/**
 * Connects the main thread to a worker. Every request resolves, or rejects if the worker fails, ends or is
 * closed.
 *
 * A worker that ends by itself sends no event, and a silent worker may be computing. So each worker holds a
 * lock from the time it is opened. The system releases the lock when the worker ends, and only then. The main
 * thread waits for that lock, so it learns of the end at once, without a timeout.
 */
export function connectToWorker(worker: Worker, { name, runningStep }: Description): Connection {
  let pending: PromiseWithResolvers<Reply> | undefined;
  let ended: Error | undefined;
  const closed = new AbortController();
  const finish = (reply: Reply | Error) => {
    if (reply instanceof Error) pending?.reject(reply);
    else pending?.resolve(reply);
    pending = undefined;
  };
  const end = (error: Error) => {
    ended ??= error;
    finish(ended);
  };
  const errorOf = (event: string, message = "") =>
    new WorkerError(`Cannot continue: ${name} ${event}${runningStep()}${message}`);
  const failure = (message: string) => errorOf("failed", `: ${message}`);
  worker.onmessage = ({ data }: MessageEvent<Reply>) =>
    finish(data.kind === "failed" ? failure(data.message) : data);
  worker.onmessageerror = () => end(failure("its message cannot be read"));
  worker.onerror = (event) => {
    event.preventDefault();
    end(failure(event.message));
  };
  const send = (request: Request): Promise<Reply> => {
    if (ended !== undefined) return Promise.reject(ended);
    pending = Promise.withResolvers<Reply>();
    worker.postMessage(request);
    return pending.promise;
  };
  const onReleased = () => end(errorOf("ended without a message"));
  return {
    async request(request) {
      const reply = await send(request);
      if (request.kind === "open") waitForRelease(request.lifeline, closed.signal, onReleased);
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
 * The part of the Web Locks API that {@linkcode waitForRelease} uses. Deno implements it, but Deno's default
 * library of types does not declare it. Projects that import this module are checked against that library of
 * types.
 */
interface LockHolder {
  readonly locks: {
    request(name: string, options: { signal: AbortSignal }, callback: () => void): Promise<unknown>;
  };
}

/**
 * Calls `onReleased` once the lock with a name is released by its holder, unless the signal is aborted
 * before.
 */
async function waitForRelease(
  lock: string,
  signal: AbortSignal,
  onReleased: () => void,
): Promise<void> {
  const { locks }: LockHolder = navigator as unknown as LockHolder;
  try {
    await locks.request(lock, { signal }, onReleased);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
