/**
 * The composition root: the only file that knows every adapter (architecture §1). It opens the store, the agents, the
 * engine and the doors, in an order in which nothing is promised before it can be kept, and closes them the other way.
 * It decides nothing; settings come from `config.ts`, and the process around it is `serve.ts`.
 */
import { createHash, randomUUID } from "node:crypto"
import { mkdirSync } from "node:fs"
import { agentEnvironment, createAgentHost } from "@waybill/agents"
import {
  defaultArchiverLimits,
  defaultAttachmentLimits,
  defaultRetentionLimits,
  defaultRuntimeLimits,
  type Engine,
  KeptLogs,
  type OpenArchive,
  type OpenEngine,
  openArchive,
  openAttachments,
  openEngine,
  openMeasures,
  openRedaction,
  openRetention,
  openSearch,
  type RedactionDoor,
  type RetentionDoor,
  redactingHost,
} from "@waybill/engine"
import { DurableFiles } from "@waybill/engine/adapters/blobs/durable-files"
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { environmentFiles } from "@waybill/engine/adapters/files/environment-files"
import { openKeyring } from "@waybill/engine/adapters/redaction/keyring"
import { sealingKeys } from "@waybill/engine/adapters/redaction/seals"
import { createJsonSchemas, DefinitionThread, type JsonSchemas } from "@waybill/engine/adapters/schemas/index"
import { blobFolder, contentFolder, openSqlite } from "@waybill/engine/adapters/sqlite/open"
import { SideWriteError } from "@waybill/engine/adapters/sqlite/side-lane"
import { systemChance } from "@waybill/engine/adapters/system/chance"
import { systemClock } from "@waybill/engine/adapters/system/clock"
import { systemHashing } from "@waybill/engine/adapters/system/hashing"
import type { AgentHost } from "@waybill/engine/ports/agent-host"
import type { StepAttachments } from "@waybill/engine/ports/step-attachments"
import type { StepLogs } from "@waybill/engine/ports/step-logs"
import packageJson from "../package.json" with { type: "json" }
import { addressesOf } from "./access/addresses.ts"
import { attachmentLinks } from "./access/attachment-links.ts"
import { type Access, openAccessDoors } from "./access/open-access.ts"
import { providerOf } from "./access/provider-of.ts"
import { archiveOf } from "./compose/archive-of.ts"
import { keyFileOf } from "./compose/keys-beside.ts"
import { backupFile } from "./compose/open-upkeep.ts"
import { webFolder } from "./compose/web-folder.ts"
import { type Config, ConfigError } from "./config.ts"
import { buildServer } from "./http/server.ts"
import { hostGuard, loopbackNames } from "./http/shared/host-guard.ts"
import { closeApp, listen } from "./listen.ts"
import { EnvironmentLoader } from "./load-environments.ts"
import { agentLogs, bothLogs, engineLog, type Logger, openLog } from "./log.ts"
import { openWebhooks, type WebhookPorts } from "./realtime/webhooks/open-webhooks.ts"

export const version: string = packageJson.version

export interface RunningServer {
  /** As people reach it; `baseUrl` where that is configured. */
  readonly url: string
  readonly engine: Engine
  /** Drains: nothing new is started, running steps get their grace, then everything is closed. Safe to call twice. */
  close(): Promise<void>
}

export interface StartOptions {
  /** The process's variables; agents see them without Waybill's own. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly logger?: Logger
  /** A commit whose outcome nobody knows (rule 3). The process must end at once; absent: it does, with 70. */
  readonly onFatal?: (message: string) => void
}

/** Environments and agents are loaded when it resolves; runs that were under way are resumed behind it (rule 1). */
export async function startServer(config: Config, options: StartOptions): Promise<RunningServer> {
  const log = options.logger ?? openLog(config.logLevel)
  const fatal = options.onFatal ?? ((message: string) => endAtOnce(log, message))
  const opened: (() => Promise<unknown>)[] = []
  const closeAll = async () => {
    for (const close of opened.splice(0).reverse()) await close()
  }
  try {
    const host = createAgentHost({
      env: agentEnvironment(options.env),
      isolation: config.agentIsolation,
      heapMb: config.agentHeapMb,
    })
    opened.push(() => host.close(0))
    const files = environmentFiles(config.environmentsDir)
    const environments = await files.environments()
    for (const environment of environments) host.prepare(environment, (await files.list(environment)).agentsDirectory)
    const blobs = new FileBlobs(blobFolder(config.dataDir))
    mkdirSync(config.dataDir, { recursive: true })
    const keys = sealingKeys(openKeyring(keyFileOf(config)))
    const data = openSqlite({
      folder: config.dataDir,
      blobs,
      contents: new DurableFiles(contentFolder(config.dataDir)),
      port: config.port === 0 ? null : config.port,
      signer: keys,
      log: engineLog(log),
      readers: config.readers,
      archiveRoomBytes: config.archiveRoomMb << 20,
    })
    opened.push(() => data.close())
    // Before the store, again: a host that still answers would speak to a closed one.
    opened.push(() => host.close(0))
    const redaction = await openRedaction({ store: data.redaction, keys, clock: systemClock(), log: engineLog(log) })
    const guarded = redactingHost(host, redaction.redaction, keys)
    const schemas = createJsonSchemas()
    const definitionReader = new DefinitionThread({ compileSchema: schemas.compile, sha256: systemHashing.sha256 })
    opened.push(() => definitionReader.close())
    const archive = await openArchive(
      { shelf: data.shelf, room: data.room, store: archiveOf(config), clock: systemClock(), log: engineLog(log) },
      defaultArchiverLimits,
    )
    const kept = new KeptLogs({ store: data.logs, clock: systemClock(), log: engineLog(log) })
    opened.push(() => kept.flush())
    const stepLogs = bothLogs(agentLogs(log), kept)
    const attachments = openAttachmentsOn(config, data, redaction, stepLogs)
    opened.push(() => attachments.flush())
    let keeps: RetentionDoor | null = null
    const expired = (workspaceId: string, completedAt: number | null) =>
      keeps?.evidence(workspaceId, completedAt).io === "expired"
    const guardedParts = { config, fatal, log, data, host: guarded, files, archive, expired }
    const engine = await openEngineOn(guardedParts, redaction, {
      schemas,
      definitionReader,
      stepLogs,
      stepAttachments: attachments.ofSteps,
    })
    opened.push(() => engine.drain(config.drainMs))
    const measures = openMeasures({
      store: data.measures,
      issues: data.issues,
      outcomes: data.outcomes,
      newId: (prefix) => systemChance().id(prefix),
      redaction: redaction.redaction,
      clock: systemClock(),
      log: engineLog(log),
      head: () => engine.feed.head(),
      onError: (error) => isFault(error, fatal),
    })
    opened.push(() => measures.stop())
    const retention = await openRetentionOn(guardedParts, engine, () => measures.behind() === 0)
    keeps = retention
    opened.push(() => retention.stop())
    const search = openSearch({
      index: data.search,
      clock: systemClock(),
      log: engineLog(log),
      head: () => engine.feed.head(),
      onError: (error) => isFault(error, fatal),
      archive: archive.runs,
    })
    opened.push(() => search.stop())
    const access = await openAccessOn(guardedParts)
    opened.push(() => access.close())
    const webhooks = await openWebhooksOn(guardedParts, engine, {
      issueOf: (workspaceId, runId) => measures.issues.ofRun(workspaceId, runId),
      addressesOf: (workspaceId, approvers) => addressesOf(access.directory, workspaceId, approvers),
    })
    opened.push(() => webhooks.stop(Math.min(config.drainMs, webhookGraceMs)))
    let loading: string | null = "environments are being loaded"
    const app = await buildServer({
      engine: withReadiness(
        engine,
        () => loading,
        () => ({
          measuresBehind: measures.behind(),
          searchBehind: search.behind(),
          searchArchivedBehind: search.archivedBehind(),
          searchCut: search.cut(),
          webhooksBehind: webhooks.behind(),
          logLinesDropped: kept.dropped,
          attachmentsDropped: attachments.dropped(),
          archiveWaits: archive.archiver.nextTry() === null ? 0 : 1,
          ...data.numbers(),
        }),
      ),
      ...doorsOf(config, access),
      logger: log,
      trustedProxies: config.trustedProxies,
      isFault: (error) => isFault(error, fatal),
      version,
      webDir: webFolder(),
      streams: {
        heartbeatMs: 15_000,
        stallMs: 60_000,
        readersMax: config.streamsMax,
        monotonic: () => performance.now(),
      },
      backupFile: (name) => backupFile(config.dataDir, name, Date.now()),
      webhooks,
      measures,
      search,
      access,
      redaction,
      retention,
      logs: data.logs,
      attachments: {
        attachments,
        links: attachmentLinks({
          secret: data.secret,
          minutes: config.attachmentLinkMinutes,
          baseUrl: config.baseUrl,
          now: () => Date.now(),
        }),
      },
    })
    opened.push(() => closeApp(app))
    const url = await listen(app, config)
    const loader = new EnvironmentLoader(engine, log)
    for (const environment of environments) {
      const { directory } = await files.list(environment)
      // First, so that what is saved meanwhile is loaded behind it.
      if (config.watch) opened.push(loader.watch(environment, directory))
      await loader.load(environment)
    }
    loading = null
    const { dataDir, auth } = config
    if (data.dispatchHeld)
      log.warn(
        { dataDir },
        "this store was restored from a backup: nothing is handed to agents until `waybill resume-all`",
      )
    log.info({ url, dataDir, auth, version, pid: process.pid }, `Waybill is ready at ${url}`)
    let closing: Promise<void> | null = null
    const close = () => {
      loading = "the server is going down"
      // Doors stay open meanwhile, so that people can watch and what they ask is answered.
      closing ??= engine.drain(config.drainMs).then(closeAll)
      return closing
    }
    return { url: config.baseUrl ?? url, engine, close }
  } catch (error) {
    await closeAll()
    throw error
  }
}

interface Parts {
  readonly config: Config
  readonly fatal: (message: string) => void
  readonly log: Logger
  readonly data: ReturnType<typeof openSqlite>
  readonly host: AgentHost
  readonly files: ReturnType<typeof environmentFiles>
  readonly archive: OpenArchive
  /** Asked of retention, which opens behind the engine. */
  readonly expired: (workspaceId: string, completedAt: number | null) => boolean
}

function openEngineOn(
  { config, fatal, log, data, host, files, archive, expired }: Parts,
  { redaction }: RedactionDoor,
  {
    schemas,
    definitionReader,
    stepLogs,
    stepAttachments,
  }: {
    readonly schemas: JsonSchemas
    readonly definitionReader: DefinitionThread
    readonly stepLogs: StepLogs
    readonly stepAttachments: StepAttachments
  },
): Promise<OpenEngine> {
  return openEngine(
    {
      clock: systemClock(),
      chance: systemChance(),
      hashing: systemHashing,
      log: engineLog(log),
      store: data.store,
      host,
      schemas,
      compileSchema: schemas.compile,
      definitionReader,
      marks: data.resumeMarks,
      stepLogs,
      stepAttachments,
      redaction,
      queries: archive.runs.queries(data.queries),
      insights: archive.runs.insights(data.insights),
      archive: {
        verify: archive.verify,
        holds: (workspaceId, completedAt) => archive.ranges.holds(workspaceId, completedAt),
        history: (runId) => archive.runs.history(runId),
      },
      expired,
      bulk: data.bulk,
      remarks: data.remarks,
      runLogs: data.logs,
      definitionStore: data.definitions,
      history: data.history,
      measures: data.measures,
      search: data.search,
      audit: data.audit,
      files,
    },
    {
      instance: `${process.pid}:${data.epoch}:${randomUUID()}`,
      blobSecret: data.secret,
      waybillVersion: version,
      recordedEnv: config.recordedEnv,
      runtime: {
        dispatcher: {
          ...defaultRuntimeLimits.dispatcher,
          perAgent: config.slotsPerAgent,
          perWorkspace: config.slots,
          overall: config.slots,
          apartShare: config.backfillShare,
        },
      },
      backfillStartsPerSecond: config.backfillStartsPerSecond,
      holdDispatch: data.dispatchHeld,
      fatal,
    },
  )
}

function openAttachmentsOn(
  config: Config,
  data: ReturnType<typeof openSqlite>,
  { redaction }: RedactionDoor,
  logs: StepLogs,
) {
  return openAttachments(
    {
      store: data.attachments,
      files: data.contents,
      answers: data.store,
      redaction,
      clock: systemClock(),
      chance: systemChance(),
      sha256Hex: (content) => createHash("sha256").update(content).digest("hex"),
      logs,
    },
    { ...defaultAttachmentLimits, contentBytesMax: config.attachmentMb << 20 },
  )
}

async function openRetentionOn(
  { data, log, archive }: Parts,
  engine: OpenEngine,
  counted: () => boolean,
): Promise<RetentionDoor> {
  const held = () => engine.isHeld()
  const { shelf, archiver, ranges } = archive
  const { retention: store, sampling, eraser, audit, room } = data
  const forget = async (runId: string, batchId: string | null) => {
    engine.forget(runId)
    if (batchId !== null) await room.drop(batchId)
  }
  const parts = { store, sampling, eraser, counted, audit, shelf, archiver, ranges, forget }
  const ports = { ...parts, clock: systemClock(), log: engineLog(log), held }
  const retention = await openRetention(ports, defaultRetentionLimits)
  retention.start()
  return retention
}

/** Messages under way at the end; those that do not come back in time are sent again by the next start. */
const webhookGraceMs = 2_000

function openWebhooksOn(
  { config, fatal, log, data }: Parts,
  engine: OpenEngine,
  people: Pick<WebhookPorts, "issueOf" | "addressesOf">,
) {
  const { webhooksAllow, webhooksRetrySeconds, webhooksDisableHours, webhooksKeepDays } = config
  const chance = systemChance()
  return openWebhooks(
    {
      ...people,
      engine,
      store: data.webhooks,
      now: Date.now,
      monotonic: () => performance.now(),
      chance: () => chance.fraction(),
      id: (prefix) => chance.id(prefix),
      // Rule 35: what was told before the backup would be told once more, by a server that may be a copy.
      held: () => engine.isHeld(),
      log,
      onError: (error) => isFault(error, fatal),
    },
    {
      allow: webhooksAllow,
      retrySeconds: webhooksRetrySeconds,
      disableAfterHours: webhooksDisableHours,
      keepDays: webhooksKeepDays,
      gatherSeconds: config.alertsGatherSeconds,
      smtpUrl: config.smtpUrl,
      smtpFrom: config.smtpFrom,
      baseUrl: config.baseUrl,
    },
  )
}

async function openAccessOn({ config, fatal, log, data }: Parts): Promise<Access> {
  const chance = systemChance()
  const { auth, openActor, keys, sessionIdleMinutes, sessionDays, baseUrl } = config
  const { oidc, groups } = providerOf(config)
  const access = await openAccessDoors(
    {
      store: data.access,
      audit: data.audit,
      now: Date.now,
      id: (prefix) => chance.id(prefix),
      onError: (error) => {
        isFault(error, fatal)
        log.warn({ err: error }, "the audit waits for the store")
      },
    },
    {
      auth,
      openActor,
      keys,
      sessionIdleMinutes,
      sessionDays,
      isSecure: baseUrl?.startsWith("https:") ?? false,
      oidc,
      groups,
    },
  )
  if (auth !== "keys" || keys.length > 0 || access.directory.hasAdmin) return access
  await access.close()
  throw new ConfigError([
    `auth is keys and there is no key and no admin, so nobody could enter: make the first with \`waybill members add you@example.com --role admin\`, or add a key, as docs/guides/access.md shows`,
  ])
}

/** Who may enter, and under which names the server answers (settled 23). */
function doorsOf(config: Config, access: Access) {
  const names = [config.host, ...config.allowedHosts]
  if (config.baseUrl !== null) names.push(new URL(config.baseUrl).hostname)
  const isOpen = config.auth === "open"
  return {
    authenticate: access.authenticate,
    hosts: hostGuard({
      // With keys a page of another site has no key to send; the names are checked where somebody has listed them.
      hosts: isOpen ? [...loopbackNames, ...names] : config.allowedHosts.length === 0 ? null : names,
      origins: [...config.allowedOrigins, ...(config.baseUrl === null ? [] : [config.baseUrl])],
    }),
  }
}

/** `why`: what still stands before being ready, or null. `numbers`: of what stands around the engine. */
function withReadiness(
  engine: OpenEngine,
  why: () => string | null,
  numbers: () => { readonly [name: string]: number },
): Engine {
  return {
    ...engine,
    health() {
      const own = engine.health()
      const health = { ...own, counters: { ...own.counters, ...numbers() } }
      const reason = why()
      return reason === null ? health : { ...health, ready: false, reasons: [reason, ...health.reasons] }
    },
  }
}

/** A write that is no run's and was not stored; where nobody can say, the process must not go on (rule 3). */
function isFault(error: unknown, fatal: (message: string) => void): boolean {
  if (!(error instanceof SideWriteError)) return false
  if (error.kind === "unknown") fatal(error.message)
  return true
}

function endAtOnce(log: Logger, message: string): never {
  log.fatal({ exitCode: 70 }, message)
  process.exit(70)
}
