/** Launchers of MPI: Debian's programs of Open MPI and MPICH. */
import { output } from "../process.ts";
import type { Hosts } from "./hosts.ts";

/** A launcher. */
export interface Launcher {
  /** Name and version of its library. */
  readonly name: string;
  readonly program: string;
  /** Environment variables of the launcher and its ranks. */
  readonly env: Readonly<Record<string, string>>;
  /** Returns the arguments before the command of so many ranks, one on each host if there are hosts. */
  args(ranks: number, hosts?: Hosts): readonly string[];
}

/** Returns Open MPI's. It refuses root and more ranks than processors unless these are allowed. */
export async function openMpi(): Promise<Launcher> {
  const program = "mpirun.openmpi";
  const [, version] = /(\d\S+)/.exec(await output(program, ["--version"])) ?? [];
  const parameter = (name: string, value: string | number) => ["--mca", name, `${value}`];
  return {
    name: `Open MPI ${version}`,
    program,
    env: { OMPI_ALLOW_RUN_AS_ROOT: "1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1" },
    args(ranks, hosts) {
      const count = ["-n", `${ranks}`];
      if (hosts === undefined) return ["--oversubscribe", ...count];
      return [
        ...parameter("plm_rsh_agent", hosts.agent),
        // as the page on machines says: it would wait for a lost host until TCP gives up
        ...parameter("oob_tcp_keepalive_time", 5),
        ...parameter("oob_tcp_keepalive_intvl", 2),
        ...parameter("oob_tcp_keepalive_probes", 3),
        ...["--host", hosts.addresses.map((address) => `${address}:1`).join(",")],
        ...hosts.variables.flatMap((variable) => ["-x", variable]),
        ...count,
      ];
    },
  };
}

/** Returns MPICH's. */
export async function mpich(): Promise<Launcher> {
  const program = "mpirun.mpich";
  const [, version] = /Version: +(\S+)/.exec(await output(program, ["--version"])) ?? [];
  return {
    name: `MPICH ${version}`,
    program,
    env: {},
    args(ranks, hosts) {
      const count = ["-n", `${ranks}`];
      if (hosts === undefined) return count;
      const launched = ["-launcher", "rsh", "-launcher-exec", hosts.agent];
      // UCX would find that these hosts share their memory
      const network = ["-genv", "UCX_TLS", "tcp,self"];
      return [...launched, ...network, "-hosts", hosts.addresses.join(","), ...count];
    },
  };
}
