/**
 * Letting the first person in, and making the first key, on the machine itself: on the data directory of a stopped server,
 * with its lock, by whoever may read and write it. What is done stands in the audit as the command line's.
 */
import { join } from "node:path"
import { AddMember, type KeyScope, passwordMax, passwordMin } from "@waybill/contract"
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { blobFolder, openSqlite } from "@waybill/engine/adapters/sqlite/open"
import { systemChance } from "@waybill/engine/adapters/system/chance"
import { Value } from "typebox/value"
import type { Deed } from "../access/deed.ts"
import { Directory } from "../access/directory.ts"
import { keyVerbs, type MadeKey } from "../access/manage-keys.ts"
import { type MemberView, peopleVerbs, userIdOf } from "../access/manage-people.ts"
import { Passwords } from "../access/passwords.ts"
import { ProblemError } from "../http/shared/problem.ts"
import { keysAt } from "./keys-beside.ts"

export interface Place {
  readonly dataDir: string
  readonly keyFile?: string
  /** Id or slug. */
  readonly workspace: string
  readonly now: number
}

export interface MemberAsked extends Place {
  readonly email: string
  readonly name: string | undefined
  readonly role: "viewer" | "operator" | "admin"
  readonly password: string | undefined
}

export interface KeyAsked extends Place {
  readonly name: string
  readonly role: "viewer" | "operator" | "admin" | undefined
  readonly scopes: readonly KeyScope[] | undefined
  readonly days: number
  /** E-mail of the member it acts as. */
  readonly email: string
}

/** Why nothing was done. */
export class AccessRefused extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Somebody who is there gets the role and the password that are named. @throws AccessRefused, StoreOpenError */
export function addMemberOffline(asked: MemberAsked): Promise<MemberView> {
  const { email, name, role, password } = asked
  const wrong = [...Value.Errors(AddMember, { email, role, password: password ?? "x".repeat(passwordMin) })][0]
  if (wrong !== undefined) return Promise.reject(new AccessRefused("invalid_request", messageOf(wrong.instancePath)))
  return withDirectory(asked, (directory, workspaceId, id) => {
    const people = peopleVerbs(directory, new Passwords(), id)
    const deed = deedOf({ id: "cli", role: "admin" }, workspaceId, asked.now)
    const userId = userIdOf(email)
    const called = name === undefined ? {} : { name }
    if (directory.member(workspaceId, userId) !== null)
      return people.changeMember(deed, userId, { role, ...called, ...(password !== undefined && { password }) })
    const isNew = directory.user(userId) === null
    return people.addMember(deed, { email, role, ...called, ...(isNew && password !== undefined && { password }) })
  })
}

function messageOf(place: string): string {
  return place === "/password" ? `a password has ${passwordMin} to ${passwordMax} characters` : "this is no e-mail"
}

/** In the name of a member, with at most their role. @throws AccessRefused, StoreOpenError */
export function makeKeyOffline(asked: KeyAsked): Promise<MadeKey> {
  const { name, role, scopes, days, email } = asked
  return withDirectory(asked, (directory, workspaceId, id) => {
    const member = directory.member(workspaceId, userIdOf(email))
    if (member === null) throw new AccessRefused("member_not_found", `nobody is ${email} there`)
    const deed = deedOf({ id: member.userId, role: member.role }, workspaceId, asked.now)
    return keyVerbs(directory, id).create(deed, {
      name,
      expiresInDays: days,
      ...(role && { role }),
      ...(scopes && { scopes }),
    })
  })
}

async function withDirectory<T>(
  { dataDir, keyFile = join(dataDir, "redaction.key"), workspace }: Place,
  act: (directory: Directory, workspaceId: string, id: (prefix: string) => string) => Promise<T>,
): Promise<T> {
  const blobs = new FileBlobs(blobFolder(dataDir))
  const data = openSqlite({ folder: dataDir, blobs, port: null, ...keysAt(keyFile) })
  try {
    const chance = systemChance()
    const directory = await Directory.open(data.access)
    const place = directory.workspaces().find((one) => one.slug === workspace || one.workspaceId === workspace)
    if (place === undefined) throw new AccessRefused("workspace_not_found", `there is no workspace ${workspace}`)
    return await act(directory, place.workspaceId, (prefix) => chance.id(prefix))
  } catch (error) {
    throw error instanceof ProblemError ? new AccessRefused(error.code, error.message) : error
  } finally {
    await data.close()
  }
}

/** Whoever has the machine has the server: an admin of `default`, whatever workspace is meant. */
function deedOf(
  who: { readonly id: string; readonly role: MemberAsked["role"] },
  workspaceId: string,
  at: number,
): Deed {
  const caller = {
    actor: { ...who, teams: [] },
    role: who.role,
    scopes: null,
    workspaceId,
    credential: "cli",
    isOfServer: true,
  }
  return { caller, at, door: "cli", address: "", requestId: "" }
}
