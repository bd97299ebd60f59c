/** What looks after the store, and what tells how the server is (settled 22). */
import { type Static, Type } from "typebox"
import { answer, count, nullable, oneOf, request, text } from "./scalars.ts"

export const VerifyRequest = request("VerifyRequest", {
  runId: Type.Optional(text),
  head: Type.Optional(Type.String({ description: "An exported head to compare with: shows a cut tail." })),
  archive: Type.Optional(Type.Boolean({ description: "Also fetch every batch of the archive and check it." })),
})
export type VerifyRequest = Static<typeof VerifyRequest>

export const VerifyReport = answer("VerifyReport", {
  runs: count,
  events: count,
  erased: count,
  findings: Type.Array(Type.Object({ runId: text, seq: Type.Integer(), what: text })),
  audit: nullable(
    Type.Object(
      {
        entries: count,
        heads: Type.Array(Type.Object({ workspaceId: text, number: count, hash: text })),
        findings: Type.Array(Type.Object({ workspaceId: text, number: count, what: text })),
      },
      { description: "The chain over what people did; null where one run was asked for." },
    ),
  ),
  archive: nullable(
    Type.Object(
      {
        batches: count,
        runs: count,
        events: count,
        findings: Type.Array(Type.Object({ batchId: text, runId: text, seq: Type.Integer(), what: text }), {
          description: "`runId` is empty where it is of the whole batch.",
        }),
      },
      { description: "What lies in the archive; null where it was not asked for, or there is none." },
    ),
  ),
})
export type VerifyReport = Static<typeof VerifyReport>

export const FsckReport = answer("FsckReport", {
  runs: count,
  findings: Type.Array(Type.Object({ invariant: text, runId: text, detail: text })),
  skipped: Type.Array(Type.Object({ runId: text, why: text }), {
    description: "Runs whose invariants nobody can check any more: what their events said has been erased.",
  }),
})
export type FsckReport = Static<typeof FsckReport>

export const RebuildRequest = request("RebuildRequest", { runId: Type.Optional(text) })
export type RebuildRequest = Static<typeof RebuildRequest>

export const RebuildReport = answer("RebuildReport", {
  runs: count,
  changed: count,
  skipped: Type.Array(Type.Object({ runId: text, why: text })),
  recounted: Type.Boolean({
    description:
      "What was counted of runs is counted anew, behind this; false for one run, and where runs have been cleared away.",
  }),
  reindexed: Type.Boolean({ description: "The index over values is filled anew, behind this; false for one run." }),
})
export type RebuildReport = Static<typeof RebuildReport>

export const BackupRequest = request("BackupRequest", {
  name: Type.Optional(
    Type.String({
      pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$",
      description: "A file name under `backups/` in the data directory; absent: named after the time.",
    }),
  ),
})
export type BackupRequest = Static<typeof BackupRequest>

export const BackupReport = answer("BackupReport", { file: text, bytes: count, position: Type.Integer() })
export type BackupReport = Static<typeof BackupReport>

export const ResumeAllReport = answer("ResumeAllReport", { resumed: Type.Boolean() })
export type ResumeAllReport = Static<typeof ResumeAllReport>

export const Healthy = answer("Healthy", { status: oneOf(["ok"]) })

export const Readiness = answer("Readiness", {
  ready: Type.Boolean(),
  draining: Type.Boolean(),
  reasons: Type.Array(text),
  position: Type.Integer(),
  openRuns: count,
  runningAttempts: count,
  queuedAttempts: count,
})
export type Readiness = Static<typeof Readiness>
