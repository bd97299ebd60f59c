/** Who may over a store that is empty and stays so: for tests of what all routes have in common. */
import type { AccessStore, AuditStore } from "@waybill/engine"
import { type Access, openAccessDoors } from "../access/open-access.ts"

const store: AccessStore = {
  load: async () => ({
    workspaces: [{ workspaceId: "default", slug: "default", name: "Default", createdAt: 0, createdBy: "system" }],
    users: [],
    members: [],
    teams: [],
    keys: [],
    sessions: [],
  }),
  write: async () => {},
}

const audit: AuditStore = {
  append: async () => {},
  list: async () => [],
  heads: async () => [],
  chain: async () => [],
}

export function noAccess(): Promise<Access> {
  let made = 0
  return openAccessDoors(
    { store, audit, now: () => 0, id: (prefix) => `${prefix}_${++made}`, onError: () => {} },
    {
      auth: "open",
      openActor: { id: "user:local", teams: [] },
      keys: [],
      sessionIdleMinutes: 60,
      sessionDays: 1,
      isSecure: false,
      oidc: null,
      groups: [],
    },
  )
}
