/**
 * A re-run that succeeds has done what the failed run was to do: the failed one is superseded by it, and so are those
 * before it, of which it was a re-run itself. Written in the commit that completes the new run, so it happens exactly
 * once whatever crashes, and never again after somebody has undone it. Pure.
 */
import type { RunRow } from "../views/rows.ts"
import type { Remark } from "./remark.ts"
import { isFailure, type Standing } from "./standing.ts"

/** Of a re-run of a re-run of …: looked at so far back. */
export const supersededMax = 32

/** Whether this commit's run may supersede others. */
export function supersedes(run: RunRow): boolean {
  return run.rerunOf !== null && run.status === "COMPLETED"
}

/** @param depth 1 = the run that was run again, 2 = the one before it
 * @returns null where nothing has failed, or somebody has dealt with it */
export function supersede(
  by: Pick<RunRow, "runId" | "completedAt">,
  failed: Pick<RunRow, "runId" | "status">,
  standing: Standing,
  depth: number,
): Remark | null {
  const state = standing.resolution?.state ?? null
  if (!isFailure(failed.status) || (state !== null && state !== "acknowledged")) return null
  return {
    remarkId: `${by.runId.replace(/^run_/, "rmk_")}_${depth}`,
    runId: failed.runId,
    number: standing.number + 1,
    at: by.completedAt!,
    actor: "system",
    origin: { door: "engine", address: null },
    body: { kind: "resolution.set", state: "superseded", reason: null, runId: by.runId },
  }
}
