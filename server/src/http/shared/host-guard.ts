/**
 * Against DNS rebinding and cross-site requests (quality §4): a page of another site must not reach a server that
 * listens on localhost without credentials. The Host must be one of our names, an Origin must be the Host itself.
 */
import { ProblemError } from "./problem.ts"

export interface HostGuard {
  /** Null = welcome. Headers as they came. */
  refuse(host: string | undefined, origin: string | undefined): ProblemError | null
}

export interface HostGuardOptions {
  /** Host names without port; null = any (a server with credentials behind a proxy we do not know). */
  readonly hosts: readonly string[] | null
  /** Full origins (`https://waybill.example.com`) besides the server's own. */
  readonly origins: readonly string[]
}

export const loopbackNames: readonly string[] = ["localhost", "127.0.0.1", "[::1]"]

export function hostGuard(options: HostGuardOptions): HostGuard {
  const hosts = options.hosts === null ? null : new Set(options.hosts.map((host) => host.toLowerCase()))
  const origins = new Set(options.origins.map((origin) => origin.toLowerCase()))
  return {
    refuse(host, origin) {
      if (hosts !== null && !hosts.has(nameOf(host ?? ""))) {
        return new ProblemError("host_refused", "the Host header names another server")
      }
      if (origin === undefined || origins.has(origin.toLowerCase()) || isSame(origin, host)) return null
      return new ProblemError("origin_refused", "the Origin header names another site")
    },
  }
}

function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, "")
}

function isSame(origin: string, host: string | undefined): boolean {
  const scheme = origin.indexOf("://")
  return scheme !== -1 && host !== undefined && origin.slice(scheme + 3).toLowerCase() === host.toLowerCase()
}
