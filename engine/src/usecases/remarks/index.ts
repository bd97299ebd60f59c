/** The door of what people add beside a run. Whoever wrote a remark, the engine itself included, listeners hear of it. */

import type { Remarks } from "../../door.ts"
import type { Log } from "../../ports/log.ts"
import type { Remarked } from "../../ports/remark-store.ts"
import { KeyGate } from "../key-gate.ts"
import { type SayPorts, say } from "./say.ts"

export interface RemarkPorts extends Omit<SayPorts, "gate"> {
  readonly log: Log
}

export function remarksDoor(ports: RemarkPorts): Remarks {
  const { store, log } = ports
  const listeners = new Set<(remarked: readonly Remarked[]) => void>()
  store.onRemarked((remarked) => {
    for (const listener of listeners) {
      try {
        listener(remarked)
      } catch (error) {
        log.write("error", "a listener of the remarks threw", {
          error: error instanceof Error ? error.message : String(error),
        })
      }
    }
  })
  return {
    say: say({ ...ports, gate: new KeyGate() }),
    list: (runId, page) => store.list(runId, page),
    newestKey: () => store.newestKey(),
    keyAt: (position) => store.keyAt(position),
    since: (key, limit) => store.since(key, limit),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
