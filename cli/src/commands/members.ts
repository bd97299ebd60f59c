/** `waybill members`: who belongs to a workspace. The first is added on the machine itself, while no server runs. */
import { randomBytes } from "node:crypto"
import type { RoleName } from "@waybill/contract"
import { UnreachableError } from "@waybill/sdk"
import { type Command, Option } from "commander"
import { positive } from "../arguments.ts"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import { roleNames } from "../role-names.ts"
import type { Session } from "../session.ts"
import { memberTable } from "../show/access.ts"

interface AddOptions {
  readonly role: RoleName
  readonly name?: string
  readonly password: boolean
  readonly passwordStdin?: boolean
  readonly offline?: boolean
  readonly dataDir?: string
  readonly workspace?: string
}

const role = () => new Option("--role <role>", "viewer, operator or admin").choices([...roleNames])

export function membersAdd(group: Command, run: Run): void {
  group
    .command("add")
    .description(
      "Lets somebody in. With --offline on the data directory of a stopped server, as the first admin is made.",
    )
    .argument("<email>", "their e-mail: it names them")
    .addOption(role().default("viewer"))
    .option("--name <name>", "what they are called")
    .option("--password-stdin", "read their password from standard input; without it one is made and printed once")
    .option("--no-password", "none: they come by the identity provider, or are known on this server already")
    .option("--offline", "on the data directory of a stopped server; somebody who is there gets this role and password")
    .option("--data-dir <folder>", "that directory (WAYBILL_DATA_DIR, default .waybill); with --offline")
    .action(
      perform<AddOptions>(run, async (session, options, email) => {
        const made = options.password && options.passwordStdin !== true ? randomBytes(15).toString("base64url") : null
        const password = options.passwordStdin === true ? await readPassword(session) : (made ?? undefined)
        const { name, role, workspace, dataDir } = options
        const added = await add(session, options, { email: email!, name, role, password, workspace, dataDir })
        session.show({ ...added, ...(made !== null && { password: made }) }, () =>
          made === null
            ? `${added.user} is ${added.role}\n`
            : `${added.user} is ${added.role}; their password, shown this once: ${made}\n`,
        )
      }),
    )
}

async function readPassword({ terminal }: Session): Promise<string> {
  return (await terminal.readInput()).replace(/\r?\n$/, "")
}

interface Added {
  readonly user: string
  readonly role: string
}

async function add(
  session: Session,
  options: AddOptions,
  asked: Parameters<typeof import("../offline/access.ts").addMemberOffline>[1],
): Promise<Added> {
  const { email, name, role, password } = asked
  if (options.offline !== true) {
    try {
      const client = await session.client()
      const body = { email, role, ...(name !== undefined && { name }), ...(password !== undefined && { password }) }
      const { user, role: given } = await client.members.add(body)
      return { user, role: given }
    } catch (error) {
      if (!(error instanceof UnreachableError) || session.isServerNamed()) throw error
      session.note("no server answers; working on the data directory itself\n")
    }
  }
  const { addMemberOffline } = await import("../offline/access.ts")
  return addMemberOffline(session, asked)
}

export function membersList(group: Command, run: Run): void {
  group
    .command("list")
    .description("Who belongs to the workspace.")
    .option("--limit <n>", "at most so many", positive, 50)
    .option("--cursor <cursor>", "the page after this one")
    .action(
      perform<{ limit: number; cursor?: string }>(run, async (session, { limit, cursor }) => {
        const client = await session.client()
        const page = await client.members.list({ limit, cursor })
        session.show(page, () => memberTable(session.style, page.items))
        if (page.nextCursor !== null) session.note(`more: --cursor ${page.nextCursor}\n`)
      }),
    )
}

export function membersChange(group: Command, run: Run): void {
  group
    .command("change")
    .description(
      "Gives somebody another role; as an admin of `default` also shuts them out of the server, or lets them in again.",
    )
    .argument("<user>", "user:<e-mail>, or the e-mail")
    .addOption(role())
    .option("--disable", "they cannot enter any more, and all their sessions end")
    .option("--enable", "they can enter again")
    .action(
      perform<{ role?: RoleName; disable?: boolean; enable?: boolean }>(run, async (session, options, user) => {
        const { role, disable, enable } = options
        if (disable === true && enable === true) throw wrongUse("--disable and --enable are opposites")
        const disabled = disable === true ? true : enable === true ? false : undefined
        if (role === undefined && disabled === undefined)
          throw wrongUse("name what is to change", "Write --role operator.")
        const client = await session.client()
        const body = { ...(role !== undefined && { role }), ...(disabled !== undefined && { disabled }) }
        const member = await client.members.change(userOf(user!), body)
        session.show(member, () => memberTable(session.style, [member]))
      }),
    )
}

export function membersRemove(group: Command, run: Run): void {
  group
    .command("remove")
    .description("Takes somebody out of the workspace; their keys of it end with that.")
    .argument("<user>", "user:<e-mail>, or the e-mail")
    .action(
      perform(run, async (session, _options, user) => {
        const client = await session.client()
        await client.members.remove(userOf(user!))
        session.show({ user: userOf(user!) }, () => `${userOf(user!)} belongs to the workspace no more\n`)
      }),
    )
}

function userOf(text: string): string {
  return text.startsWith("user:") ? text : `user:${text.toLowerCase()}`
}
