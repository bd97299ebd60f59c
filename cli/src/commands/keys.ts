/** `waybill keys`: made, listed, revoked. A key is printed once. */
import type { ApiKeyWithSecret, KeyScope, RoleName } from "@waybill/contract"
import { type Command, InvalidArgumentError, Option } from "commander"
import { positive } from "../arguments.ts"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import { keyScopes, roleNames } from "../role-names.ts"
import type { Session } from "../session.ts"
import { keyTable } from "../show/access.ts"

type Made = Pick<ApiKeyWithSecret, "keyId" | "actor" | "role" | "scopes" | "key">

interface CreateOptions {
  readonly role?: RoleName
  readonly scope?: readonly KeyScope[]
  readonly days: number
  readonly service?: boolean
  readonly offline?: boolean
  readonly as?: string
  readonly dataDir?: string
  readonly workspace?: string
}

export function keysCreate(group: Command, run: Run): void {
  group
    .command("create")
    .description("Makes a key for programs and prints it, this once. It acts as you, with at most your role.")
    .argument("<name>", "what it is for")
    .addOption(
      new Option(
        "--role <role>",
        "viewer, operator or admin; without it as low as its scopes allow, else viewer",
      ).choices([...roleNames]),
    )
    .option(
      "--scope <scope>",
      `what it is for, several times; without it all that its role gives: ${keyScopes.join(", ")}`,
      scope,
    )
    .option("--days <n>", "how long it lasts", positive, 90)
    .option("--service", "it acts as key:<name> and not as you; only an admin makes such a one")
    .option("--offline", "on the data directory of a stopped server, as the first key is made; with --as")
    .option("--as <email>", "the member it acts as; with --offline")
    .option("--data-dir <folder>", "that directory (WAYBILL_DATA_DIR, default .waybill); with --offline")
    .action(
      perform<CreateOptions>(run, async (session, options, name) => {
        const made = await create(session, name!, options)
        session.show(made, () => `${made.key}\n`)
        const scopes = made.scopes === null ? "" : `, for ${made.scopes.join(" ")} alone`
        session.note(`${made.keyId} acts as ${made.actor}, ${made.role}${scopes}; the key is shown this once\n`)
      }),
    )
}

/** For commander. */
function scope(text: string, before: readonly KeyScope[] = []): readonly KeyScope[] {
  const found = keyScopes.find((one) => one === text)
  if (found === undefined) throw new InvalidArgumentError(`Allowed are ${keyScopes.join(", ")}.`)
  return before.includes(found) ? before : [...before, found]
}

async function create(session: Session, name: string, options: CreateOptions): Promise<Made> {
  const { role, scope: scopes, days, service = false, offline, as: email, dataDir, workspace } = options
  if (offline !== true) {
    if (email !== undefined) throw wrongUse("--as belongs to --offline", "Over the server a key acts as who makes it.")
    const client = await session.client()
    return client.keys.create({ name, expiresInDays: days, service, ...(role && { role }), ...(scopes && { scopes }) })
  }
  if (email === undefined || service)
    throw wrongUse("a key made --offline acts as a member: name them with --as <email>")
  const { makeKeyOffline } = await import("../offline/access.ts")
  return makeKeyOffline(session, { name, role, scopes, days, email, dataDir, workspace })
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
