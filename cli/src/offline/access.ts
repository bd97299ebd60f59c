/** `members add` and `keys create` on the machine itself, while no server runs: how the first person gets in. */
import type { KeyScope } from "@waybill/contract"
import { keyFileOf } from "@waybill/server/compose/keys-beside"
import { AccessRefused, addMemberOffline as add, makeKeyOffline as make } from "@waybill/server/compose/offline-access"
import { exitCodes } from "../exit-codes.ts"
import { CommandFailure } from "../failure.ts"
import type { Session } from "../session.ts"
import { configOf } from "./configured-address.ts"
import { notOpened } from "./upkeep.ts"

type RoleName = "viewer" | "operator" | "admin"

interface Somewhere {
  readonly workspace: string | undefined
  readonly dataDir: string | undefined
}

export interface MemberToAdd extends Somewhere {
  readonly email: string
  readonly name: string | undefined
  readonly role: RoleName
  readonly password: string | undefined
}

export interface KeyToMake extends Somewhere {
  readonly name: string
  readonly role: RoleName | undefined
  readonly scopes: readonly KeyScope[] | undefined
  readonly days: number
  readonly email: string
}

export async function addMemberOffline(session: Session, asked: MemberToAdd) {
  const { member } = await inPlace(session, asked, (place) => add({ ...asked, ...place }))
  return { user: member.userId, role: member.role }
}

export async function makeKeyOffline(session: Session, asked: KeyToMake) {
  const { row, scopes, key } = await inPlace(session, asked, (place) => make({ ...asked, ...place }))
  return { keyId: row.keyId, name: row.name, actor: row.actor, role: row.role, scopes, key }
}

async function inPlace<T>(
  { terminal }: Session,
  { workspace = "default", dataDir: named }: Somewhere,
  act: (place: { dataDir: string; keyFile: string; workspace: string; now: number }) => Promise<T>,
): Promise<T> {
  const config = configOf(terminal, named === undefined ? {} : { dataDir: named })
  const { dataDir } = config
  try {
    return await act({ dataDir, keyFile: keyFileOf(config), workspace, now: terminal.now() })
  } catch (error) {
    if (!(error instanceof AccessRefused)) throw notOpened(error, dataDir)
    throw new CommandFailure({ code: error.code, detail: error.message, exitCode: exitCodes.failed })
  }
}
