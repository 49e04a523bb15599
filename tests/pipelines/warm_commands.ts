/**
 * Commands called one after the other in a process that stays, so that modules are loaded and compiled
 * once, and not for each call: most of what a short command takes.
 *
 * The process may do anything: what a command may do by the flags of its task is for calls in processes of
 * their own; so is the number of workers that a machine has by default. What is printed is caught, and
 * paths are relative to the folder of the call.
 *
 * @module
 */

import type { Command } from "../../pipelines/cli/declaration.ts";

/** A call of a command. */
interface Request {
  /** URL of a module that exports the command, or all. */
  readonly module: string;
  /** Name of the command. */
  readonly name: string;
  /** The folder in which it is called. */
  readonly folder: string;
  readonly args: readonly string[];
}

/** Exit code and output of a command. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process in which commands are called. */
export interface WarmCommands {
  /** Calls a command, after those that were called before. */
  call(request: Request): Promise<Ended>;
  /** Ends the process, and waits until it has. */
  close(): Promise<void>;
}

/** Starts a process with flags of Deno. */
export function startWarmCommands(flags: readonly string[]): WarmCommands {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-all", ...flags, import.meta.filename as string],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = process.stdin.getWriter();
  const answers = messages<Ended>(process.stdout);
  let last: Promise<unknown> = Promise.resolve();
  const call = async (request: Request) => {
    await writer.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    const { value, done } = await answers.next();
    if (done === true) throw new Error(`a command ended the process: ${request.args.join(" ")}`);
    return value;
  };
  return {
    call(request) {
      const answer = last.then(() => call(request));
      last = answer.catch(() => {});
      return answer;
    },
    async close() {
      await writer.close();
      await process.status;
    },
  };
}

/** Values that a stream has as lines of JSON. */
async function* messages<Message>(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Message, void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}

/** Answers requests until there are no more. */
async function answerRequests(): Promise<void> {
  const { callCommand: call } = await import("../../pipelines/cli/command.ts");
  // one worker where a test names no number: a worker takes longer to start than a tiny run to train
  Object.defineProperty(navigator, "hardwareConcurrency", { value: 1 });
  const answer = Deno.stdout.writeSync.bind(Deno.stdout);
  const printed = catchPrinted();
  for await (const { module, name, folder, args } of messages<Request>(Deno.stdin.readable)) {
    Deno.chdir(folder);
    const { command, commands = [command] } = await import(module);
    const called = commands.find((command: Command) => command.name === name);
    const code = await call(called, args);
    answer(new TextEncoder().encode(`${JSON.stringify({ code, ...printed() })}\n`));
  }
}

/** Catches what is printed from now on; returns a function that gives it, and begins anew. */
function catchPrinted(): () => Omit<Ended, "code"> {
  let printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new TextDecoder();
    Deno[name].writeSync = (bytes) => {
      printed[name] += decoder.decode(bytes, { stream: true });
      return bytes.length;
    };
    console[name === "stdout" ? "log" : "error"] = (...values: unknown[]) => {
      const texts = values.map((value) => typeof value === "string" ? value : Deno.inspect(value));
      printed[name] += `${texts.join(" ")}\n`;
    };
  }
  return () => {
    const all = printed;
    printed = { stdout: "", stderr: "" };
    return all;
  };
}

if (import.meta.main) await answerRequests();
