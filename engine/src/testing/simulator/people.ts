/** Who acts on runs in the simulated world, allowed or not. */
import type { Actor } from "../../core/run/commands.ts"

export const people = {
  ann: { id: "user:ann", teams: ["ops"], role: "operator" },
  ben: { id: "user:ben", teams: ["ops"], role: "operator" },
  boss: { id: "user:boss", teams: [], role: "admin" },
  stranger: { id: "user:eve", teams: [], role: "operator" },
  viewer: { id: "user:vic", teams: ["ops"], role: "viewer" },
  robot: { id: "agent:sly", teams: ["ops"], role: "operator" },
} as const satisfies Record<string, Actor>

export const everybody: readonly Actor[] = Object.values(people)
