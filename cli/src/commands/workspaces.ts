/** `waybill workspaces` and `waybill teams`: which there are, and who looks after them. */
import type { Command } from "commander"
import { collect } from "../arguments.ts"
import { perform, type Run } from "../perform.ts"
import { teamTable, workspaceTable } from "../show/access.ts"

export function workspacesList(group: Command, run: Run): void {
  group
    .command("list")
    .description("The workspaces that the key may see.")
    .action(
      perform(run, async (session) => {
        const client = await session.client()
        const page = await client.workspaces.list({ limit: 200 })
        session.show(page, () => workspaceTable(session.style, page.items))
      }),
    )
}

export function workspacesCreate(group: Command, run: Run): void {
  group
    .command("create")
    .description("Makes a workspace. For admins of the workspace `default`.")
    .argument("<slug>", "its name in addresses, for good: letters, digits and dashes")
    .option("--name <name>", "what people call it")
    .option("--admin <email>", "who looks after it; without it whoever makes it")
    .action(
      perform<{ name?: string; admin?: string }>(run, async (session, { name, admin }, slug) => {
        const client = await session.client()
        const body = { slug: slug!, ...(name !== undefined && { name }), ...(admin !== undefined && { admin }) }
        const made = await client.workspaces.create(body)
        session.show(made, () => workspaceTable(session.style, [made]))
      }),
    )
}

export function teamsList(group: Command, run: Run): void {
  group
    .command("list")
    .description("Teams that approvals may name.")
    .action(
      perform(run, async (session) => {
        const client = await session.client()
        const page = await client.teams.list({ limit: 200 })
        session.show(page, () => teamTable(session.style, page.items))
      }),
    )
}

export function teamsPut(group: Command, run: Run): void {
  group
    .command("put")
    .description("Makes a team, or says anew who is in it.")
    .argument("<name>", "as definitions name it: `sre` for `team:sre`")
    .option("--member <user>", "user:<e-mail>; several times", collect)
    .option("--description <text>", "what it is for")
    .action(
      perform<{ member?: readonly string[]; description?: string }>(run, async (session, options, name) => {
        const client = await session.client()
        const members = (options.member ?? []).map((one) =>
          one.startsWith("user:") ? one : `user:${one.toLowerCase()}`,
        )
        const { description } = options
        const team = await client.teams.put(name!, { members, ...(description !== undefined && { description }) })
        session.show(team, () => teamTable(session.style, [team]))
      }),
    )
}

export function teamsRemove(group: Command, run: Run): void {
  group
    .command("remove")
    .description("Dissolves a team.")
    .argument("<name>", "its name")
    .action(
      perform(run, async (session, _options, name) => {
        const client = await session.client()
        await client.teams.remove(name!)
        session.show({ name }, () => `the team ${name} is no more\n`)
      }),
    )
}
