/** `members add` on the machine itself, while no server runs: how the first person gets in. */
import { addMemberOffline as add, MemberRefused } from "@waybill/server/compose/add-member"
import { exitCodes } from "../exit-codes.ts"
import { CommandFailure } from "../failure.ts"
import type { Session } from "../session.ts"
import { configOf } from "./configured-address.ts"
import { notOpened } from "./upkeep.ts"

export interface MemberToAdd {
  readonly email: string
  readonly name: string | undefined
  readonly role: "viewer" | "operator" | "admin"
  readonly password: string | undefined
  readonly workspace: string | undefined
  readonly dataDir: string | undefined
}

export async function addMemberOffline(
  { terminal }: Session,
  asked: MemberToAdd,
): Promise<{ readonly user: string; readonly role: string; readonly dataDir: string }> {
  const { dataDir } = configOf(terminal, asked.dataDir === undefined ? {} : { dataDir: asked.dataDir })
  try {
    const { member } = await add({ ...asked, workspace: asked.workspace ?? "default", dataDir, now: terminal.now() })
    return { user: member.userId, role: member.role, dataDir }
  } catch (error) {
    if (!(error instanceof MemberRefused)) throw notOpened(error, dataDir)
    throw new CommandFailure({ code: error.code, detail: error.message, exitCode: exitCodes.failed })
  }
}
