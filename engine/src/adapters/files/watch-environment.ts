/** Tells when something under an environment's folder has changed, 100 ms after the last change (rule 35). */
import { watch } from "node:fs"

const debounceMs = 100

/** @returns stops the watching */
export function watchEnvironment(directory: string, changed: () => void, failed: (error: Error) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(directory, { recursive: true }, (_event, name) => {
    if (name?.includes("node_modules") || name?.endsWith("~") || name?.endsWith(".swp")) return
    clearTimeout(timer)
    timer = setTimeout(changed, debounceMs)
  })
  watcher.on("error", failed)
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
