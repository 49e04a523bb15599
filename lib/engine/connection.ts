/**
 * The main thread's end of the line to a worker.
 *
 * @module
 */

import type { Reply, Request } from "./protocol.ts";

/** A worker that is asked one thing at a time. */
export interface Connection {
  /** Awaits the answer; rejects if the worker fails, is closed, or is busy with another question. */
  ask(request: Request): Promise<Reply>;
  /** Ends the worker. */
  close(): void;
}

/** Connects to a worker: every question is answered, or rejected if the worker fails or is closed. */
export function connect(worker: Worker): Connection {
  let pending: PromiseWithResolvers<Reply> | undefined;
  let ended: Error | undefined;
  const settle = (reply: Reply | Error) => {
    if (reply instanceof Error) pending?.reject(reply);
    else pending?.resolve(reply);
    pending = undefined;
  };
  const end = (error: Error) => {
    ended ??= error;
    settle(ended);
  };
  const failure = (message: string) => new Error(`Cannot go on: a worker failed: ${message}`);
  worker.onmessage = ({ data }: MessageEvent<Reply>) =>
    settle(data.kind === "failed" ? failure(data.message) : data);
  worker.onmessageerror = () => end(failure("its message cannot be read"));
  worker.onerror = (event) => {
    event.preventDefault();
    end(failure(event.message));
  };
  return {
    ask(request) {
      if (ended !== undefined) return Promise.reject(ended);
      if (pending !== undefined) {
        return Promise.reject(new Error("Cannot run: expected the worker to be at rest"));
      }
      pending = Promise.withResolvers<Reply>();
      worker.postMessage(request);
      return pending.promise;
    },
    close() {
      worker.terminate();
      end(new Error("Cannot run: expected an open machine: received a closed one"));
    },
  };
}
