/** Which of a workflow's runs can stand as the one that went well: production is compared with production alone. */
import type { RunRow } from "../rows.ts"

type Compared = Pick<RunRow, "environment" | "origin">

export function isGoodFor(run: Compared, other: Compared & Pick<RunRow, "status">): boolean {
  if (other.status !== "COMPLETED" || other.environment !== run.environment) return false
  return run.origin !== "live" || other.origin === "live"
}
