/** Redaction for tests: policies in memory, and ciphertext that can be read. */
import type { PolicyRow, PolicyStore, SealingKeys } from "../../ports/redaction.ts"

/** Another workspace's does not open. */
export const readableKeys: SealingKeys = {
  current: "k1",
  ids: ["k1"],
  sealsOf: (workspaceId) => ({
    hash: (text) => `h${text.length}`,
    seal: (text) => `k1.${Buffer.from(`${workspaceId} ${text}`).toString("base64url")}`,
  }),
  open(workspaceId, sealed) {
    const text = Buffer.from(sealed.slice(3), "base64url").toString()
    return text.startsWith(`${workspaceId} `) ? text.slice(workspaceId.length + 1) : null
  },
}

export function memoryPolicies(rows: PolicyRow[] = [], used: string[] = []): PolicyStore {
  const isOf = (workspaceId: string, workflowId: string | null) => (row: PolicyRow) =>
    row.workspaceId === workspaceId && row.workflowId === workflowId
  return {
    policies: async () => rows,
    versions: async (workspaceId, workflowId, limit) =>
      rows.filter(isOf(workspaceId, workflowId)).reverse().slice(0, limit),
    put: async (row) => {
      const there = rows.filter(isOf(row.workspaceId, row.workflowId))
      if (there.some(({ version }) => version === row.version)) return false
      rows.push(row)
      return true
    },
    keys: async () => used,
    useKey: async (id) => void used.push(id),
  }
}
