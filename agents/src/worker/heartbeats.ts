/**
 * The host's heartbeats (rule 6): one timer for each interval in use, on this thread, so that a busy loop stops them all
 * and shows as missing. Beats of one tick leave as one message.
 */
import type { AgentTask } from "@waybill/engine/ports/agent-host"

export interface Heartbeats {
  add(task: AgentTask): void
  remove(task: AgentTask): void
}

interface Group {
  readonly keys: Set<string>
  readonly timer: NodeJS.Timeout
}

export function createHeartbeats(beat: (keys: readonly string[]) => void): Heartbeats {
  const groups = new Map<number, Group>()

  function open(intervalMs: number): Group {
    const keys = new Set<string>()
    const group = { keys, timer: setInterval(() => keys.size > 0 && beat([...keys]), intervalMs) }
    groups.set(intervalMs, group)
    return group
  }

  return {
    add({ key, heartbeatMs }) {
      if (heartbeatMs !== null) (groups.get(heartbeatMs) ?? open(heartbeatMs)).keys.add(key)
    },
    /** The timer stays for the next task with this interval: starting and stopping it costs more than an idle tick. */
    remove({ key, heartbeatMs }) {
      if (heartbeatMs !== null) groups.get(heartbeatMs)?.keys.delete(key)
    },
  }
}
