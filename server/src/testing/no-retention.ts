/** A door of retention at which nothing is ever due. */
import { defaultRetention, type RetentionDoor } from "@waybill/engine"

export const noRetention: RetentionDoor = {
  kept: () => ({ version: 0, policy: defaultRetention, at: 0 }),
  versions: async () => [],
  put: async (workspaceId, _written, { note, by }) => ({
    kind: "put",
    row: { workspaceId, version: 1, policy: JSON.stringify(defaultRetention), note, at: 1_000, by },
  }),
  preview: async () => ({ kind: "done", classes: [], archive: null, sampled: null }),
  purge: async () => ({ logs: gone, io: gone, events: gone, summaries: gone, archive: null, sampled: gone }),
  erase: async () => ({ kind: "missing" }),
  archivedLogs: async () => false,
  archive: async () => ({ place: null, batches: 0, runs: 0, events: 0, bytes: 0, waits: null }),
  batches: async () => [],
  sampled: async () => [],
  isArchived: () => false,
  evidence: () => ({ logs: "present", io: "present", events: "present" }),
  start: () => {},
  stop: async () => {},
}

const gone = { runs: 0, events: 0 }
