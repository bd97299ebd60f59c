/** The engine on its adapters, with the settings that are its own. */
import { randomUUID } from "node:crypto"
import { defaultRuntimeLimits, type OpenEngine, openEngine, type RedactionDoor } from "@waybill/engine"
import type { DefinitionThread, JsonSchemas } from "@waybill/engine/adapters/schemas/index"
import { systemChance } from "@waybill/engine/adapters/system/chance"
import { systemClock } from "@waybill/engine/adapters/system/clock"
import { systemHashing } from "@waybill/engine/adapters/system/hashing"
import type { StepAttachments } from "@waybill/engine/ports/step-attachments"
import type { StepLogs } from "@waybill/engine/ports/step-logs"
import { engineLog } from "../log.ts"
import type { Parts } from "./parts.ts"

export function openEngineOn(
  { config, fatal, log, data, host, files, archive, expired, targets }: Parts,
  { redaction }: RedactionDoor,
  {
    schemas,
    definitionReader,
    stepLogs,
    stepAttachments,
    waybillVersion,
  }: {
    readonly schemas: JsonSchemas
    readonly definitionReader: DefinitionThread
    readonly stepLogs: StepLogs
    readonly stepAttachments: StepAttachments
    readonly waybillVersion: string
  },
): Promise<OpenEngine> {
  return openEngine(
    {
      clock: systemClock(),
      chance: systemChance(),
      hashing: systemHashing,
      log: engineLog(log),
      store: data.store,
      host,
      schemas,
      compileSchema: schemas.compile,
      definitionReader,
      marks: data.resumeMarks,
      stepLogs,
      stepAttachments,
      redaction,
      queries: archive.runs.queries(data.queries),
      insights: archive.runs.insights(data.insights),
      archive: {
        verify: archive.verify,
        holds: (workspaceId, completedAt) => archive.ranges.holds(workspaceId, completedAt),
        history: (runId) => archive.runs.history(runId),
      },
      expired,
      targets,
      bulk: data.bulk,
      remarks: data.remarks,
      runLogs: archive.runs.logs(data.logs),
      definitionStore: data.definitions,
      history: data.history,
      measures: data.measures,
      search: data.search,
      audit: data.audit,
      files,
    },
    {
      instance: `${process.pid}:${data.epoch}:${randomUUID()}`,
      blobSecret: data.secret,
      waybillVersion,
      recordedEnv: config.recordedEnv,
      runtime: {
        dispatcher: {
          ...defaultRuntimeLimits.dispatcher,
          perAgent: config.slotsPerAgent,
          perWorkspace: config.slots,
          overall: config.slots,
          apartShare: config.backfillShare,
        },
      },
      backfillStartsPerSecond: config.backfillStartsPerSecond,
      holdDispatch: data.dispatchHeld,
      fatal,
    },
  )
}
