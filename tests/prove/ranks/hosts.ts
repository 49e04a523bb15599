/**
 * Hosts: network namespaces with names and addresses of their own, linked by a bridge. They share the files
 * and processors of this machine, but reach each other over their links only.
 *
 * @module
 */
import { join } from "@std/path";
import { MissingError, output } from "../process.ts";

/** Some hosts. */
export interface Hosts {
  readonly addresses: readonly string[];
  /** Program that runs a command on a host, as `rsh` does. */
  readonly agent: string;
  /** Environment variables that commands on other hosts need. */
  readonly variables: readonly string[];
  /** Returns a command that runs a command on the first host. */
  onFirst(command: readonly string[]): readonly [string, ...string[]];
  /** Cuts the link of a host, counted from 0. */
  cut(host: number): Promise<void>;
  /** Restores the link of a host. */
  mend(host: number): Promise<void>;
}

/** Addresses that no other network of a test machine has. */
const NETWORK = "10.213.77";

/** Runs a command under the name of a host, in its network namespace. */
const NAMED = 'hostname "$1"; shift; exec "$@"';

/**
 * Uses hosts, and removes them.
 *
 * @param folder in which the agent is written
 * @param variables environment variables that commands on other hosts need
 * @throws {MissingError} if this process may not create network namespaces
 */
export async function withHosts(
  count: number,
  { folder, variables }: { readonly folder: string; readonly variables: readonly string[] },
  use: (hosts: Hosts) => Promise<void>,
): Promise<void> {
  const id = crypto.randomUUID().slice(0, 4); // names of links have at most 15 characters
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const [bridge, linkOf] = [`annb${id}`, (host: number) => `annv${id}${host}`];
  const spaceOf = (host: number) => `ann-${id}-${host}`;
  const ip = (...args: readonly string[]) => output("ip", args);
  try {
    await ip("netns", "add", spaceOf(1));
  } catch (error) {
    throw new MissingError(`no network namespaces: ${error}`);
  }
  try {
    await ip("link", "add", bridge, "type", "bridge");
    await ip("link", "set", bridge, "up");
    for (const host of numbers) {
      const space = spaceOf(host);
      if (host > 1) await ip("netns", "add", space);
      const peer = ["peer", "name", "eth0", "netns", space];
      await ip("link", "add", linkOf(host), "type", "veth", ...peer);
      await ip("link", "set", linkOf(host), "master", bridge, "up");
      await ip("-n", space, "address", "add", `${NETWORK}.${host}/24`, "dev", "eth0");
      for (const link of ["lo", "eth0"]) await ip("-n", space, "link", "set", link, "up");
    }
    const agent = join(folder, "agent.sh");
    await Deno.writeTextFile(agent, agentText(id), { mode: 0o755 });
    const set = (host: number, state: "up" | "down") =>
      ip("link", "set", linkOf(host + 1), state).then(() => {});
    await use({
      addresses: numbers.map((host) => `${NETWORK}.${host}`),
      agent,
      variables,
      onFirst: (command) => [
        "ip",
        ...["netns", "exec", spaceOf(1), "unshare", "--uts", "sh", "-c", NAMED, "sh", "host1"],
        ...command,
      ],
      cut: (host) => set(host, "down"),
      mend: (host) => set(host, "up"),
    });
  } finally {
    for (const host of numbers) {
      for (const pid of (await ip("netns", "pids", spaceOf(host)).catch(() => "")).split("\n")) {
        if (pid !== "") attempt(() => Deno.kill(Number(pid), "SIGKILL"));
      }
      await ip("netns", "delete", spaceOf(host)).catch(() => {});
    }
    await ip("link", "delete", bridge).catch(() => {});
  }
}

/** Returns a shell script that runs a command on the host with an address, after options of `rsh`. */
function agentText(id: string): string {
  return `#!/bin/sh
while [ "\${1#-}" != "$1" ]; do shift; done
host=\${1##*.}
shift
exec ip netns exec "ann-${id}-$host" unshare --uts sh -c '${NAMED}' sh "host$host" sh -c "$*"
`;
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // it has just ended by itself
  }
}
