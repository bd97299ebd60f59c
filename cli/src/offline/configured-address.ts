/** The address that this configuration's server listens on, as a client on the same machine reaches it. */
import { ConfigError, loadConfig } from "@waybill/server/config"
import { CommandFailure } from "../failure.ts"
import type { Terminal } from "../terminal.ts"

export interface Address {
  readonly url: string
  /** For the one who wonders why there. */
  readonly from: string
}

export function configuredAddress({ env, cwd }: Terminal): Address {
  const { baseUrl, host, port, sources } = configOf({ env, cwd })
  if (baseUrl !== null) return { url: baseUrl, from: sources.baseUrl }
  const from = [...new Set([sources.host, sources.port])].filter((source) => source !== "default")
  return { url: `http://${reachable(host)}:${port}`, from: from.join(", ") || "default" }
}

/** What cannot be used is wrong use, with everything that is wrong at once. */
export function configOf({ env, cwd }: Pick<Terminal, "env" | "cwd">, overrides: ConfigOverrides = {}) {
  try {
    return loadConfig({ env, directory: cwd, overrides })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new CommandFailure({
      code: "config_invalid",
      detail: error.problems.join("\n"),
      hint: "`waybill doctor` prints every setting with where it comes from.",
      exitCode: 2,
    })
  }
}

type ConfigOverrides = NonNullable<Parameters<typeof loadConfig>[0]["overrides"]>

/** A server that listens everywhere is reached on this machine by its loopback. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::" || host === "[::]") return "127.0.0.1"
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host
}
