/**
 * The tables, as forward migrations, one file each. A released migration is never edited: what changes comes as a new one
 * behind it. Events name their run by `run_key`, a small integer in order of creation, so that the widest table and its
 * index stay narrow; everything a person or another process sees carries the run's id. `position` is the order of commits
 * (rule 17).
 */

import type Database from "better-sqlite3"
import { indexes } from "./migrations/0001-indexes.ts"
import { tables } from "./migrations/0001-tables.ts"
import { views } from "./migrations/0001-views.ts"
import { unsuccessfulSteps } from "./migrations/0002-unsuccessful-steps.ts"
import { bulk } from "./migrations/0003-bulk.ts"
import { quarantine } from "./migrations/0004-quarantine.ts"
import { remarks } from "./migrations/0005-remarks.ts"
import { webhooks } from "./migrations/0006-webhooks.ts"
import { access } from "./migrations/0007-access.ts"
import { redaction } from "./migrations/0008-redaction.ts"
import { measures } from "./migrations/0009-measures.ts"
import { retention } from "./migrations/0010-retention.ts"
import { runLogs } from "./migrations/0011-run-logs.ts"
import { archive } from "./migrations/0012-archive.ts"
import { approvalCourse } from "./migrations/0013-approval-course.ts"
import { runCounts } from "./migrations/0014-run-counts.ts"
import { filterIndexes } from "./migrations/0015-filter-indexes.ts"
import { alerts } from "./migrations/0016-alerts.ts"
import { origins } from "./migrations/0017-origins.ts"
import { attachments } from "./migrations/0018-attachments.ts"
import { sampling } from "./migrations/0019-sampling.ts"
import { rollupsByDay } from "./migrations/0020-rollups-by-day.ts"
import { keyScopes } from "./migrations/0021-key-scopes.ts"
import { signedSeals } from "./migrations/0022-signed-seals.ts"
import { cutShort } from "./migrations/0023-cut-short.ts"
import { erasures } from "./migrations/0024-erasures.ts"
import { lateRuns } from "./migrations/0025-late-runs.ts"
import { besideRuns } from "./migrations/0026-beside-runs.ts"
import { archiveContents } from "./migrations/0027-archive-contents.ts"
import { lockedEndpoints } from "./migrations/0028-locked-endpoints.ts"
import { signedPlaces } from "./migrations/0029-signed-places.ts"
import { countsByHand } from "./migrations/0030-counts-by-hand.ts"
import { listOrders } from "./migrations/0031-list-orders.ts"
import { joinSketches, rollupsOfAll } from "./migrations/0032-rollups-of-all.ts"

/** `WBL1`: says whose file this is. */
export const applicationId = 0x57424c31

export interface Migration {
  readonly version: number
  readonly sql: string
  /** For rows that were there before, in the same transaction; what it makes is not needed to be right, only to be quick. */
  after?(db: Database.Database): void
}

export const migrations: readonly Migration[] = [
  { version: 1, sql: tables + indexes + views },
  { version: 2, sql: unsuccessfulSteps },
  { version: 3, sql: bulk },
  { version: 4, sql: quarantine },
  { version: 5, sql: remarks },
  { version: 6, sql: webhooks },
  { version: 7, sql: access },
  { version: 8, sql: redaction },
  { version: 9, sql: measures },
  { version: 10, sql: retention },
  { version: 11, sql: runLogs },
  { version: 12, sql: archive },
  { version: 13, sql: approvalCourse },
  { version: 14, sql: runCounts },
  { version: 15, sql: filterIndexes },
  { version: 16, sql: alerts },
  { version: 17, sql: origins },
  { version: 18, sql: attachments },
  { version: 19, sql: sampling },
  { version: 20, sql: rollupsByDay },
  { version: 21, sql: keyScopes },
  { version: 22, sql: signedSeals },
  { version: 23, sql: cutShort },
  { version: 24, sql: erasures },
  { version: 25, sql: lateRuns },
  { version: 26, sql: besideRuns },
  { version: 27, sql: archiveContents },
  { version: 28, sql: lockedEndpoints },
  { version: 29, sql: signedPlaces },
  { version: 30, sql: countsByHand },
  { version: 31, sql: listOrders },
  { version: 32, sql: rollupsOfAll, after: joinSketches },
]

export const schemaVersion = migrations[migrations.length - 1]!.version
