import { defaultRetentionLimits, type OpenEngine, openRetention, type RetentionDoor } from "@waybill/engine"
import { systemClock } from "@waybill/engine/adapters/system/clock"
import { engineLog } from "../log.ts"
import type { Parts } from "./parts.ts"

export async function openRetentionOn(
  { data, log, archive }: Parts,
  engine: OpenEngine,
  counted: () => boolean,
): Promise<RetentionDoor> {
  const held = () => engine.isHeld()
  const { shelf, archiver, ranges } = archive
  const { retention: store, sampling, eraser, audit, room } = data
  const forget = async (runId: string) => {
    engine.forget(runId)
    await room.dropWith(runId)
  }
  const parts = { store, sampling, eraser, counted, audit, shelf, archiver, ranges, forget }
  const ports = { ...parts, clock: systemClock(), log: engineLog(log), held }
  const retention = await openRetention(ports, defaultRetentionLimits)
  retention.start()
  return retention
}
