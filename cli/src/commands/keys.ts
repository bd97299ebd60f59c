/** `waybill keys`: made, listed, revoked. A key is printed once. */
import { type RoleName, roleNames } from "@waybill/contract"
import { type Command, Option } from "commander"
import { positive } from "../arguments.ts"
import { perform, type Run } from "../perform.ts"
import { keyTable } from "../show/access.ts"

interface CreateOptions {
  readonly role: RoleName
  readonly days: number
  readonly service?: boolean
}

export function keysCreate(group: Command, run: Run): void {
  group
    .command("create")
    .description("Makes a key for programs and prints it, this once. It acts as you, with at most your role.")
    .argument("<name>", "what it is for")
    .addOption(new Option("--role <role>", "viewer, operator or admin").choices([...roleNames]).default("viewer"))
    .option("--days <n>", "how long it lasts", positive, 90)
    .option("--service", "it acts as key:<name> and not as you; only an admin makes such a one")
    .action(
      perform<CreateOptions>(run, async (session, { role, days, service = false }, name) => {
        const client = await session.client()
        const made = await client.keys.create({ name: name!, role, expiresInDays: days, service })
        session.show(made, () => `${made.key}\n`)
        session.note(`${made.keyId} acts as ${made.actor}, ${made.role}; the key is shown this once\n`)
      }),
    )
}

export function keysList(group: Command, run: Run): void {
  group
    .command("list")
    .description("Your keys, newest first; as an admin all of the workspace.")
    .option("--limit <n>", "at most so many", positive, 50)
    .option("--cursor <cursor>", "the page after this one")
    .action(
      perform<{ limit: number; cursor?: string }>(run, async (session, { limit, cursor }) => {
        const client = await session.client()
        const page = await client.keys.list({ limit, cursor })
        session.show(page, () => keyTable(session.style, page.items, session.now()))
        if (page.nextCursor !== null) session.note(`more: --cursor ${page.nextCursor}\n`)
      }),
    )
}

export function keysRevoke(group: Command, run: Run): void {
  group
    .command("revoke")
    .description("Revokes a key: it is refused from the next request on.")
    .argument("<key>", "its id: key_…")
    .action(
      perform(run, async (session, _options, keyId) => {
        const client = await session.client()
        const key = await client.keys.revoke(keyId!)
        session.show(key, () => keyTable(session.style, [key], session.now()))
      }),
    )
}
