/** Where runs lie is for the user of the server alone: what a run was given is in there, and a reader needs no key for it. */
import { mkdirSync } from "node:fs"

const ownerOnly = 0o700

/** Made where it is missing; one that is there keeps the permissions that somebody gave it. */
export function makeDataFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: ownerOnly })
}
