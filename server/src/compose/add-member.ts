/**
 * Letting the first person in, on the machine itself: on the data directory of a stopped server, with its lock, by whoever
 * may read and write it. What is done stands in the audit as the command line's.
 */
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { blobFolder, openSqlite } from "@waybill/engine/adapters/sqlite/open"
import { systemChance } from "@waybill/engine/adapters/system/chance"
import type { Deed } from "../access/deed.ts"
import { Directory, defaultWorkspace } from "../access/directory.ts"
import { type MemberView, peopleVerbs, userIdOf } from "../access/manage-people.ts"
import { Passwords } from "../access/passwords.ts"
import { ProblemError } from "../http/shared/problem.ts"

export interface MemberAsked {
  readonly dataDir: string
  /** Id or slug. */
  readonly workspace: string
  readonly email: string
  readonly name: string | undefined
  readonly role: "viewer" | "operator" | "admin"
  readonly password: string | undefined
  readonly now: number
}

/** Why nobody was added. */
export class MemberRefused extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Somebody who is there gets the role and the password that are named. @throws MemberRefused, StoreOpenError */
export async function addMemberOffline(asked: MemberAsked): Promise<MemberView> {
  const { dataDir, workspace, email, name, role, password, now } = asked
  const data = openSqlite({ folder: dataDir, blobs: new FileBlobs(blobFolder(dataDir)), port: null })
  try {
    const chance = systemChance()
    const directory = await Directory.open(data.access)
    const place = directory.workspaces().find((one) => one.slug === workspace || one.workspaceId === workspace)
    if (place === undefined) throw new MemberRefused("workspace_not_found", `there is no workspace ${workspace}`)
    const people = peopleVerbs(directory, new Passwords(), (prefix) => chance.id(prefix))
    const deed = deedIn(place.workspaceId, now)
    const userId = userIdOf(email)
    if (directory.member(place.workspaceId, userId) === null)
      return await people.addMember(deed, {
        email,
        role,
        ...(name !== undefined && { name }),
        ...(password !== undefined && directory.user(userId) === null && { password }),
      })
    return await people.changeMember(deed, userId, {
      role,
      ...(name !== undefined && { name }),
      ...(password !== undefined && { password }),
    })
  } catch (error) {
    throw error instanceof ProblemError ? new MemberRefused(error.code, error.message) : error
  } finally {
    await data.close()
  }
}

/** Whoever has the machine has the server: an admin of `default`, whatever workspace is meant. */
function deedIn(workspaceId: string, at: number): Deed {
  const caller = {
    actor: { id: "cli", teams: [], role: "admin" },
    role: "admin",
    workspaceId,
    credential: "cli",
  } as const
  return { caller: { ...caller, isOfServer: true }, at, door: "cli", address: "", requestId: "" }
}

export { defaultWorkspace }
