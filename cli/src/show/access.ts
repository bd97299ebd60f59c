/** Who may: members, workspaces, keys and the audit as tables. */
import type { ApiKey, AuditEntry, Member, Team, Workspace } from "@waybill/contract"
import type { Style } from "./style.ts"
import { table } from "./table.ts"
import { clock, relative } from "./times.ts"

export function memberTable(style: Style, members: readonly Member[]): string {
  if (members.length === 0) return "nobody belongs to this workspace\n"
  const rows = members.map((one) => [
    one.user,
    one.name,
    one.disabled ? style.red(`${one.role}, shut out`) : one.role,
    one.teams.join(", "),
    one.hasPassword ? "password" : "",
  ])
  return table(style, ["MEMBER", "NAME", "ROLE", "TEAMS", "SIGNS IN BY"], rows)
}

export function workspaceTable(style: Style, workspaces: readonly Workspace[]): string {
  const rows = workspaces.map((one) => [one.slug, one.name, one.workspaceId])
  return table(style, ["WORKSPACE", "NAME", "ID"], rows)
}

export function teamTable(style: Style, teams: readonly Team[]): string {
  if (teams.length === 0) return "no teams\n"
  return table(
    style,
    ["TEAM", "MEMBERS", "ABOUT"],
    teams.map((one) => [one.name, one.members.join(", "), one.description]),
  )
}

export function keyTable(style: Style, keys: readonly ApiKey[], now: number): string {
  if (keys.length === 0) return "no keys\n"
  const rows = keys.map((one) => [
    one.keyId,
    one.name,
    `${one.prefix}…`,
    one.role,
    one.scopes?.join(" ") ?? "all",
    one.actor,
    stateOf(style, one, now),
    one.lastUsedAt === null ? "never" : relative(one.lastUsedAt, now),
  ])
  return table(style, ["KEY", "NAME", "BEGINS", "ROLE", "FOR", "ACTS AS", "STATE", "LAST USED"], rows)
}

function stateOf(style: Style, { revokedAt, expiresAt }: ApiKey, now: number): string {
  if (revokedAt !== null) return style.red("revoked")
  if (expiresAt === null) return "for good"
  return Date.parse(expiresAt) <= now ? style.red("expired") : `until ${clock(expiresAt)}`
}

export function auditTable(style: Style, entries: readonly AuditEntry[]): string {
  if (entries.length === 0) return "nothing in the audit\n"
  const rows = entries.map((one) => [
    String(one.number),
    clock(one.at),
    one.actor,
    one.action,
    one.target,
    one.outcome === "done" ? one.outcome : style.red(`${one.outcome} ${one.status || ""}`.trim()),
    one.address,
  ])
  return table(style, ["#", "WHEN", "WHO", "WHAT", "TO WHAT", "HOW", "FROM"], rows)
}
