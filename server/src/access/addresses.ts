/** Where those whom an approval names can be written to: members of the workspace who are not locked out. */
import type { Directory } from "./directory.ts"

export function addressesOf(directory: Directory, workspaceId: string, names: readonly string[]): readonly string[] {
  const users = names.flatMap((name) => {
    if (!name.startsWith("team:")) return [name]
    const team = directory.team(workspaceId, name.slice("team:".length))
    return team === null ? [] : (JSON.parse(team.members) as string[])
  })
  return [...new Set(users)].flatMap((userId) => {
    const user = directory.member(workspaceId, userId) === null ? null : directory.user(userId)
    return user === null || user.disabledAt !== null ? [] : [user.email]
  })
}
