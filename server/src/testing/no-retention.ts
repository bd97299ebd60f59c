/** A door of retention at which nothing is ever due. */
import { defaultRetention, type RetentionDoor } from "@waybill/engine"

export const noRetention: RetentionDoor = {
  kept: () => ({ version: 0, policy: defaultRetention }),
  versions: async () => [],
  put: async (workspaceId, _written, { note, by }) => ({
    kind: "put",
    row: { workspaceId, version: 1, policy: JSON.stringify(defaultRetention), note, at: 1_000, by },
  }),
  preview: async () => ({ kind: "done", classes: [] }),
  purge: async () => ({ io: gone, events: gone, summaries: gone }),
  evidence: () => ({ io: "present", events: "present" }),
  start: () => {},
  stop: async () => {},
}

const gone = { runs: 0, events: 0 }
