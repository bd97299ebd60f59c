/**
 * The server's log: JSON lines by pino, safe against injected line breaks because every value is a JSON string.
 * One line a step comes from the engine through its ports (004 §5.2); values of runs never go here (rule 9).
 */
import type { Log } from "@waybill/engine/ports/log"
import type { StepLogs } from "@waybill/engine/ports/step-logs"
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from "pino"

export type { Logger }

/** `destination` absent: standard output. */
export function openLog(level: "debug" | "info" | "warn" | "error", destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service: "waybill" },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: pino.stdSerializers.errWithCause },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

/** The engine's port on this log. */
export function engineLog(logger: Logger): Log {
  return { write: (level, message, fields) => logger[level](fields ?? {}, message) }
}

const MESSAGE_MAX = 8_192

/** What agents say while they run, as lines of the server's log. */
export function agentLogs(logger: Logger): StepLogs {
  return {
    keep({ level, message, fields, environment, place, stepId, attempt }) {
      logger[level](
        {
          source: "agent",
          environment,
          ...(place !== null && { run_id: place.runId }),
          ...(stepId !== undefined && { step_id: stepId }),
          ...(attempt !== undefined && { attempt }),
          ...(fields !== undefined && { fields }),
        },
        message.slice(0, MESSAGE_MAX),
      )
    },
  }
}

/** Each is told all of it. */
export function bothLogs(...all: readonly StepLogs[]): StepLogs {
  return {
    keep(entry) {
      for (const logs of all) logs.keep(entry)
    },
  }
}
