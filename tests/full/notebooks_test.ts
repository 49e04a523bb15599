/**
 * The notebooks, executed by Deno's Jupyter kernel: what their cells show is what is committed.
 *
 *     deno test -A tests/full/notebooks_test.ts -- --update
 *
 * executes them and writes what they show.
 */
import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { join } from "@std/path";
import {
  codeOf,
  type Notebook,
  notebookNames,
  NOTEBOOKS,
  type Output,
  readNotebook,
} from "../notebooks.ts";

/** Seconds that a notebook may take. */
const LIMIT = 30;

/**
 * Sends the cells that stdin lists to the kernel, one after the other, and prints the messages that each
 * has led to. The kernel sends some of them after it has said that it is idle, so what comes within half a
 * second more belongs to the cell too (nbclient does not wait, and loses them).
 */
const CLIENT = `
import json, queue, sys
from jupyter_client.manager import start_new_kernel
kernel, client = start_new_kernel(kernel_name="deno", startup_timeout=120, cwd=sys.argv[1])
cells = []
for code in json.load(sys.stdin):
    sent, idle, messages = client.execute(code), False, []
    while True:
        try: message = client.get_iopub_msg(timeout=0.5 if idle else 300)
        except queue.Empty: break
        if message["parent_header"].get("msg_id") != sent: continue
        content = message["content"]
        idle = idle or content.get("execution_state") == "idle"
        messages.append([message["msg_type"], content])
    cells.append(messages)
client.stop_channels()
kernel.shutdown_kernel(now=True)
json.dump(cells, sys.stdout)
`;

/** A message of a kernel: its type and content. */
type Message = readonly [type: string, content: {
  readonly text?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly ename?: string;
  readonly evalue?: string;
}];

async function run(command: string, args: readonly string[], options: {
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
}): Promise<string> {
  const child = new Deno.Command(command, {
    args: [...args],
    env: options.env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(options.stdin ?? ""));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/**
 * Executes code cells in the folder of the notebooks; returns what each shows.
 *
 * @throws {Error} if a cell throws
 */
async function execute(cells: readonly string[]): Promise<readonly (readonly Output[])[]> {
  const home = await Deno.makeTempDir();
  try {
    const { denoDir } = JSON.parse(await run(Deno.execPath(), ["info", "--json"], { env: {} }));
    const env = { HOME: home, DENO_DIR: denoDir, JUPYTER_DATA_DIR: join(home, "jupyter") };
    await run(Deno.execPath(), ["jupyter", "--install"], {
      env: { ...env, XDG_DATA_HOME: join(home, "share") },
    });
    const kernels = join(home, ".local/share/jupyter");
    const printed = await run("/usr/bin/python3", ["-c", CLIENT, NOTEBOOKS], {
      env: { ...env, JUPYTER_PATH: `${kernels}:${join(home, "share/jupyter")}` },
      stdin: JSON.stringify(cells),
    });
    return (JSON.parse(printed) as readonly (readonly Message[])[])
      .map((messages, index) => outputsOf(messages, index + 1));
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

function outputsOf(messages: readonly Message[], count: number): readonly Output[] {
  const [failed] = messages.filter(([type]) => type === "error");
  if (failed !== undefined) {
    throw new Error(`cell ${count}: ${failed[1].ename}: ${failed[1].evalue}`);
  }
  const text = messages.flatMap(([type, { text = "" }]) => type === "stream" ? text : []).join("");
  const printed: Output[] = text === ""
    ? []
    : [{ output_type: "stream", name: "stdout", text: linesOf(text) }];
  const values = messages.flatMap(([type, { data = {} }]): Output[] =>
    type !== "execute_result" ? [] : [{
      output_type: "execute_result",
      execution_count: count,
      data: Object.fromEntries(Object.entries(data).map(([type, text]) => [type, linesOf(text)])),
      metadata: {},
    }]
  );
  return [...printed, ...values];
}

/** Lines with their ends, as Jupyter's files have texts. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

for (const name of notebookNames()) {
  Deno.test(`${name} shows its committed outputs, byte for byte`, async () => {
    const notebook = await readNotebook(name);
    const cells = notebook.cells.flatMap((cell) => codeOf(cell) === undefined ? [] : [cell]);
    const started = performance.now();
    const shown = await execute(cells.map((cell) => codeOf(cell) ?? ""));
    assertLess((performance.now() - started) / 1000, LIMIT);
    if (Deno.args.includes("--update")) return await write(name, notebook, shown);
    for (const [index, { outputs }] of cells.entries()) {
      assertEquals(shown[index], outputs, `${name}, code cell ${index + 1}`);
    }
  });
}

async function write(
  name: string,
  notebook: Notebook,
  shown: readonly (readonly Output[])[],
): Promise<void> {
  let index = 0;
  for (const cell of notebook.cells) {
    if (codeOf(cell) === undefined) continue;
    cell.outputs = shown[index++];
    cell.execution_count = index;
  }
  await Deno.writeTextFile(NOTEBOOKS + name, `${JSON.stringify(notebook, null, 1)}\n`);
}

Deno.test("a notebook whose cell throws fails", async () => {
  await assertRejects(() => execute(["1 + 1", 'throw new Error("canary")']), Error, "canary");
});
