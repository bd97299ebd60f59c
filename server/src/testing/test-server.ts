/** A server over the in-memory engine, as tests of the doors want it. */
import { createHash } from "node:crypto"
import { openRedaction } from "@waybill/engine"
import { memoryPolicies, readableKeys } from "@waybill/engine/testing"
import { pino } from "pino"
import { buildServer, type ServerOptions } from "../http/server.ts"
import type { App } from "../http/shared/app.ts"
import { keyAccess, openAccess, type Role, roles } from "../http/shared/auth.ts"
import { hostGuard, loopbackNames } from "../http/shared/host-guard.ts"
import { FakeEngine } from "./fake-engine.ts"
import { noAccess } from "./no-access.ts"
import { noAttachments } from "./no-attachments.ts"
import { noMeasures } from "./no-measures.ts"
import { noRetention } from "./no-retention.ts"
import { noSearch } from "./no-search.ts"
import { noWebhooks } from "./no-webhooks.ts"

export interface TestServer {
  readonly app: App
  readonly engine: FakeEngine
  /** Lines the server logged. */
  readonly logged: string[]
}

export const keyOf = (role: Role): string => `secret-of-${role}`

export async function testServer(given: Partial<ServerOptions> = {}): Promise<TestServer> {
  const engine = new FakeEngine()
  const logged: string[] = []
  const app = await buildServer({
    engine,
    authenticate: openAccess({ id: "user:local", teams: ["sre"] }),
    hosts: hostGuard({ hosts: loopbackNames, origins: ["http://ui.example"] }),
    logger: pino({ level: "info" }, { write: (line: string) => logged.push(line) }),
    version: "0.1.0",
    streams: { heartbeatMs: 15_000, stallMs: 60_000, readersMax: 100, monotonic: () => performance.now() },
    webhooks: noWebhooks,
    access: await noAccess(),
    measures: noMeasures,
    retention: noRetention,
    search: noSearch,
    attachments: noAttachments,
    logs: { page: async () => ({ lines: [], to: null }) },
    redaction: await openRedaction({
      store: memoryPolicies(),
      keys: readableKeys,
      clock: { now: () => 1_000 } as never,
      log: { write: () => {} },
    }),
    backupFile: async (name) => `/data/backups/${name ?? "waybill.db"}`,
    ...given,
  })
  return { app, engine, logged }
}

/** One key for each role. */
export const keyedAccess = keyAccess(
  roles.map((role) => ({
    name: role,
    sha256: createHash("sha256").update(keyOf(role)).digest("hex"),
    user: `user:${role}@example.com`,
    teams: ["sre"],
    role,
  })),
)
