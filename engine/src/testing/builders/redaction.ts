/** Redaction for tests: policies in memory, and ciphertext that can be read. */
import type { Seals } from "../../core/policy/redaction/redactor.ts"
import type { PolicyRow, PolicyStore, Redaction, SealingKeys } from "../../ports/redaction.ts"

/** No policy at all. */
export const keepAll: Redaction = {
  redact: (_place, value) => value,
  digest: (_workspaceId, text) => text,
  digests: (_workspaceId, text) => [text],
  namesOf: (_workspaceId, name) => [name],
}

const readableSeals = (workspaceId: string): Seals => ({
  hash: (text) => text.length.toString(16).padStart(32, "0"),
  seal: (text) => `0000c0de.${Buffer.from(`${workspaceId} ${text}`.padEnd(40)).toString("base64url")}`,
})

/** Another workspace's does not open. */
export const readableKeys: SealingKeys = {
  current: "0000c0de",
  ids: ["0000c0de"],
  sealsOf: readableSeals,
  everySealsOf: (workspaceId) => [readableSeals(workspaceId)],
  sign: (workspaceId, text) => `${workspaceId} ${text}`,
  isSigned: (workspaceId, text, signature) => signature === `${workspaceId} ${text}`,
  open(workspaceId, sealed) {
    const text = Buffer.from(sealed.slice(9), "base64url").toString().trimEnd()
    return text.startsWith(`${workspaceId} `) ? text.slice(workspaceId.length + 1) : null
  },
  lock: (workspaceId, name, text) => JSON.stringify([workspaceId, name, text]),
  unlock(workspaceId, name, locked) {
    const [forWorkspace, forName, text] = JSON.parse(locked) as readonly string[]
    return forWorkspace === workspaceId && forName === name ? (text ?? null) : null
  },
  isCurrent: () => true,
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
