/** `waybill alerts`: which people are told, of what, and what came of it. */
import type { ChangeAlert, CreateAlert } from "@waybill/contract"
import { type Command, Option } from "commander"
import { alertEvents, alertKinds, deliveryStates } from "../alert-names.ts"
import { collect, positive } from "../arguments.ts"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import { alertDeliveryTable, alertTable, alertText } from "../show/alert.ts"

export function alertsList(group: Command, run: Run): void {
  group
    .command("list")
    .description("All alerts, and how they fare.")
    .action(
      perform(run, async (session) => {
        const client = await session.client()
        const page = await client.alerts.list()
        session.show(page, () => alertTable(session.style, page.items))
      }),
    )
}

interface AddOptions {
  readonly kind: CreateAlert["kind"]
  readonly to?: readonly string[]
  readonly channel?: string
  readonly webhook?: string
  readonly name?: string
  readonly event?: readonly string[]
  readonly workflow?: readonly string[]
  readonly env?: string
  readonly maxPerHour: number
  readonly repeatMinutes: number
}

export function alertsAdd(group: Command, run: Run): void {
  group
    .command("add")
    .description("Tells people from now on: by mail, in a channel that takes what Slack takes, or as a document.")
    .addOption(new Option("--kind <kind>", "email, slack or webhook").choices([...alertKinds]).makeOptionMandatory())
    .option("--to <address>", "by mail: an address, or approvers; may stand several times", collect)
    // It is as good as a password; whoever looks at the list of processes would have it.
    .option("--channel <url>", "in a channel: its incoming webhook; `-` reads it from standard input")
    .option("--webhook <id>", "as a document: the webhook that is told")
    .option("--name <text>", "what people call it")
    .option("--event <event>", `one of ${alertEvents.join(", ")}; may stand several times`, collect)
    .option("--workflow <id>", "only of this workflow; may stand several times", collect)
    .option("--env <environment>", "only of this environment")
    .option("--max-per-hour <n>", "what is more is held back and told together", positive, 20)
    .option("--repeat-minutes <n>", "an issue that goes on is told again so late", positive, 60)
    .action(
      perform<AddOptions>(run, async (session, options) => {
        const client = await session.client()
        const { channel } = options
        const url = channel === "-" ? (await session.terminal.readInput()).trim() : channel
        const alert = await client.alerts.create({ ...bodyOf(options), ...(url !== undefined && { url }) })
        session.show(alert, () => alertText(session.style, alert))
        session.note(`waybill alerts test ${alert.alertId}\n`)
      }),
    )
}

function bodyOf(options: AddOptions): CreateAlert {
  const { kind, to, webhook, name, event, workflow, env, maxPerHour, repeatMinutes } = options
  const strange = event?.find((one) => !(alertEvents as readonly string[]).includes(one))
  if (strange !== undefined) throw wrongUse(`--event: ${strange} is none`, `Write ${alertEvents.join(", ")}.`)
  return {
    ...{ kind, maxPerHour, repeatMinutes },
    ...(to !== undefined && { to: [...to] }),
    ...(webhook !== undefined && { webhookId: webhook }),
    ...(name !== undefined && { name }),
    ...(event !== undefined && { events: event as ChangeAlert["events"] & {} }),
    ...(workflow !== undefined && { workflows: [...workflow] }),
    ...(env !== undefined && { environment: env }),
  }
}

export function alertsRemove(group: Command, run: Run): void {
  group
    .command("remove")
    .description("Tells these people nothing more.")
    .argument("<alert>", "the alert's id")
    .action(
      perform(run, async (session, _options, alertId) => {
        const client = await session.client()
        await client.alerts.remove(alertId!)
        session.show({ alertId }, () => `${alertId} is removed\n`)
      }),
    )
}

export function alertsTest(group: Command, run: Run): void {
  group
    .command("test")
    .description("Sends a test; `alerts deliveries` says what came of it.")
    .argument("<alert>", "the alert's id")
    .action(
      perform(run, async (session, _options, alertId) => {
        const client = await session.client()
        const delivery = await client.alerts.test(alertId!)
        session.show(delivery, () => `${delivery.deliveryId} is on its way\n`)
        session.note(`waybill alerts deliveries ${alertId}\n`)
      }),
    )
}

interface DeliveriesOptions {
  readonly state?: string
  readonly limit: number
  readonly cursor?: string
}

export function alertsDeliveries(group: Command, run: Run): void {
  group
    .command("deliveries")
    .description("What was sent, newest first, and what came of it.")
    .argument("<alert>", "the alert's id")
    .addOption(new Option("--state <state>", "pending, delivered or dead").choices([...deliveryStates]))
    .option("--limit <n>", "at most so many", positive, 50)
    .option("--cursor <cursor>", "the page after this one")
    .action(
      perform<DeliveriesOptions>(run, async (session, { state, limit, cursor }, alertId) => {
        const client = await session.client()
        const page = await client.alerts.deliveries(alertId!, { state, limit, cursor })
        session.show(page, () => alertDeliveryTable(session.style, page.items, session.now()))
        if (page.nextCursor !== null) session.note(`more: --cursor ${page.nextCursor}\n`)
      }),
    )
}
