/**
 * Lets this thread work only with what others leave of the processors: for what nobody waits for (the index over values,
 * packing an archive), beside an engine whose commits somebody waits for. On Linux a thread has a priority of its own;
 * elsewhere nothing happens, and the work shares the processors as before.
 */
import { readlinkSync } from "node:fs"
import { getPriority, setPriority } from "node:os"

/** Of 20 steps, from where the process stands: about a tenth of what a thread beside it gets. It never stands still. */
const stepsDown = 10
const LOWEST = 19

/** @returns whether this thread's priority is lowered now */
export function lowerPriority(): boolean {
  if (process.platform !== "linux") return false
  try {
    // `<process>/task/<thread>`: Node names no thread, and 0 would mean the first of the process.
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1))
    if (!Number.isSafeInteger(thread) || thread <= 0) return false
    setPriority(thread, Math.min(LOWEST, getPriority() + stepsDown))
    return true
  } catch {
    // No /proc, or a sandbox that forbids it: slower beside others, and right.
    return false
  }
}
