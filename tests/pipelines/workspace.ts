/**
 * Running the commands in a folder that has nothing but what a test puts there: as people do, in a process
 * of its own with the flags of its task in deno.json; or, much faster, in a process that stays.
 *
 * @module
 */

import { FILES } from "../../lib/run/folder.ts";
import { fromFileUrl, join, toFileUrl } from "@std/path";
import { mnist10k } from "../../lib/data/datasets/mnist_10k.ts";
import { sha256 } from "../../lib/data/sha256.ts";
import { fetchDataset } from "../../lib/io/datasets.ts";
import { INIT_CWD_VARIABLE } from "../../pipelines/cli/startup.ts";
import { chosenV8Flags } from "../v8_flags.ts";
import { V8_FLAGS_CHOICE } from "../../pipelines/tools/v8_flags.ts";
import { TINY, tinyData } from "./tiny.ts";
import { type Ended, startWarmCommands, type WarmCommands } from "./warm_commands.ts";
import project from "../../deno.json" with { type: "json" };

export type { Ended };
export { TINY };

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Folder of the project's downloads, and of the digits that come with it once they are decompressed. */
const CACHE = join(ROOT, ".cache");

/** Options of running a command in a separate process. */
export interface RunOptions {
  /** Flags of Deno that are left out. */
  readonly without?: readonly string[];
  /** Module of the workspace that is run before the command, and sees to it that something fails. */
  readonly preload?: string;
  /** Environment variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder in which commands are run. */
export interface Workspace {
  /** Its path. */
  readonly folder: string;
  /** Writes a file in it; what is no text or bytes as JSON. */
  write(path: string, content: unknown): Promise<void>;
  /** Runs the command of a task to its end, in the process that stays. */
  run(task: Task, args: readonly string[]): Promise<Ended>;
  /** Runs a task to its end, in a process of its own with the flags of the task. */
  runAlone(task: Task, args: readonly string[], o?: RunOptions): Promise<Ended>;
  /** The program and the arguments by which a task is started. */
  command(task: Task, args: readonly string[], o?: RunOptions): [string, ...string[]];
  /** Starts a task in a process of its own. */
  start(task: Task, args: readonly string[], o?: RunOptions): Child;
  /** The paths of all files in a folder of it, sorted. */
  list(path?: string): string[];
  /** SHA-256 of each file of a run that is promised to be the same every time, by its path. */
  promised(run: string): Readonly<Record<string, string>>;
}

type Child = Deno.ChildProcess;

/** Name of a task in deno.json. */
type Task = keyof typeof project.tasks;

/** Uses a new workspace, and removes it. */
export async function inWorkspace(use: (workspace: Workspace) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ann-mlp-" });
  try {
    await use(open(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Lets the commands of a workspace have the digits of mnist-10k without unpacking them anew. */
export async function withDigits({ folder }: Workspace): Promise<void> {
  await fetchDataset(mnist10k(), { cacheDirectory: CACHE });
  await Deno.symlink(CACHE, join(folder, ".cache"));
}

/** A config of the digits: one epoch, momentum, as long as nothing else is set. */
export const DIGITS = join(ROOT, "configs/quickstart.json");

/** Writes tiny.json and its data: 60 samples to learn from, 30 to test on. */
export async function writeTiny({ write }: Workspace): Promise<void> {
  await write("tiny.json", TINY);
  for (const [path, bytes] of Object.entries(tinyData())) await write(path, bytes);
}

/** The run folder: the last line of what train printed. */
export function runOf({ stdout }: Ended): string {
  return stdout.trimEnd().split("\n").at(-1) ?? "";
}

/** The figures that train printed of validation and test split, as evaluate prints them. */
export function figuresOf({ stderr }: Pick<Ended, "stderr">): readonly string[] {
  return [...stderr.matchAll(/^(validation|test) +(.*)$/gm)].map(([, split, text]) =>
    `${split}: ${text}`
  );
}

function open(folder: string): Workspace {
  const command: Workspace["command"] = (task, args, { without = [], preload } = {}) => {
    const { flags, script, more } = wordsOf(task);
    return [
      Deno.execPath(),
      ...flags.filter((flag) => !without.includes(flag)),
      ...(preload === undefined ? [] : [`--preload=${preload}`]),
      script,
      ...more,
      ...args,
    ];
  };
  const start: Workspace["start"] = (task, args, options = {}) => {
    const { env = {} } = options;
    const [program, ...words] = command(task, args, options);
    return new Deno.Command(program, {
      args: words,
      cwd: folder,
      env: { [INIT_CWD_VARIABLE]: folder, ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  };
  const list = (path = ".") => Array.from(walk(join(folder, path), "")).sort();
  return {
    folder,
    command,
    start,
    list,
    async write(path, content) {
      const file = join(folder, path);
      await Deno.mkdir(join(file, ".."), { recursive: true });
      const raw = typeof content === "string" || content instanceof Uint8Array;
      const bytes = raw ? content : JSON.stringify(content);
      await Deno.writeFile(
        file,
        typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes,
      );
    },
    run(task, args) {
      const { script, more } = wordsOf(task);
      const all = join(ROOT, "pipelines/ann.ts");
      const module = toFileUrl(script === all ? join(ROOT, "pipelines/commands.ts") : script).href;
      const [name, ...rest] = script === all ? more : [task, ...more];
      warm ??= startWarmCommands(v8Flags);
      return warm.call({ module, name, folder, args: [...rest, ...args] });
    },
    async runAlone(task, args, options) {
      const { code, stdout, stderr } = await start(task, args, options).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, stdout: text(stdout), stderr: text(stderr) };
    },
    promised(run) {
      const files = list(run).filter((path) => PROMISED.test(path));
      return Object.fromEntries(
        files.map((path) => [path, sha256(Deno.readFileSync(join(folder, run, path)))]),
      );
    },
  };
}

/** A task's command: the flags of Deno, the script, and arguments that it always has. */
function wordsOf(task: Task) {
  const { command } = project.tasks[task];
  const whole = command.replace("deno task -q ann", project.tasks.ann.command);
  const [, ...words] = whole.replace(V8_FLAGS_CHOICE, v8Flags.join(" ")).split(/ +/);
  const at = words.findIndex((word) => word.endsWith(".ts"));
  return { flags: words.slice(0, at), script: join(ROOT, words[at]), more: words.slice(at + 1) };
}

const v8Flags = chosenV8Flags();

/** The process that stays, with the flags for V8 that training has; started by the first call. */
let warm: WarmCommands | undefined;

Deno.test.afterAll(() => warm?.close()); // killed with this process, it would write no coverage

/** The files of a run folder that have the same bytes every time. */
export const PROMISED =
  /^(config\.json|metrics\.jsonl|summary\.json|.*\.safetensors|report\.svg|charts\/.*\.svg)$/;

function* walk(folder: string, prefix: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* walk(join(folder, name), `${prefix}${name}/`);
    else if (name !== FILES.progress) yield prefix + name; // only trainings of a second or more leave it
  }
}
