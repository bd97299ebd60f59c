/**
 * The composition root: with `compose/`, the only place that knows every adapter (architecture §1). It opens the store, the agents, the
 * engine and the doors, in an order in which nothing is promised before it can be kept, and closes them the other way.
 * It decides nothing; settings come from `config.ts`, and the process around it is `serve.ts`.
 */

import { agentEnvironment, createAgentHost } from "@waybill/agents"
import {
  DurationTargets,
  defaultArchiverLimits,
  type Engine,
  KeptLogs,
  openArchive,
  openMeasures,
  openRedaction,
  openSearch,
  type RetentionDoor,
  redactingHost,
} from "@waybill/engine"
import { DurableFiles } from "@waybill/engine/adapters/blobs/durable-files"
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { environmentFiles } from "@waybill/engine/adapters/files/environment-files"
import { openKeyring } from "@waybill/engine/adapters/redaction/keyring"
import { sealingKeys } from "@waybill/engine/adapters/redaction/seals"
import { signingMarks } from "@waybill/engine/adapters/redaction/signing-marks"
import { createJsonSchemas, DefinitionThread } from "@waybill/engine/adapters/schemas/index"
import { makeDataFolder } from "@waybill/engine/adapters/sqlite/data-folder"
import { blobFolder, contentFolder, openSqlite } from "@waybill/engine/adapters/sqlite/open"
import { systemChance } from "@waybill/engine/adapters/system/chance"
import { systemClock } from "@waybill/engine/adapters/system/clock"
import { systemHashing } from "@waybill/engine/adapters/system/hashing"
import { redactedText } from "@waybill/engine/ports/redaction"
import packageJson from "../package.json" with { type: "json" }
import { addressesOf } from "./access/addresses.ts"
import { attachmentLinks } from "./access/attachment-links.ts"
import { doorsOf, openAccessOn } from "./compose/access-on.ts"
import { archiveOf } from "./compose/archive-of.ts"
import { openAttachmentsOn } from "./compose/attachments-on.ts"
import { openEngineOn } from "./compose/engine-on.ts"
import { endAtOnce, isFault } from "./compose/faults.ts"
import { keyFileOf } from "./compose/keys-beside.ts"
import { backupFile } from "./compose/open-upkeep.ts"
import { withReadiness } from "./compose/readiness.ts"
import { openRetentionOn } from "./compose/retention-on.ts"
import { webFolder } from "./compose/web-folder.ts"
import { openWebhooksOn, webhookGraceMs } from "./compose/webhooks-on.ts"
import type { Config } from "./config.ts"
import { buildServer } from "./http/server.ts"
import { closeApp, listen } from "./listen.ts"
import { EnvironmentLoader } from "./load-environments.ts"
import { agentLogs, bothLogs, engineLog, type Logger, openLog } from "./log.ts"

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
    makeDataFolder(config.dataDir)
    const keyFile = keyFileOf(config)
    const keys = sealingKeys(openKeyring(keyFile))
    const data = openSqlite({
      folder: config.dataDir,
      blobs,
      contents: new DurableFiles(contentFolder(config.dataDir)),
      port: config.port === 0 ? null : config.port,
      keys,
      marks: signingMarks(keyFile),
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
    const attachments = openAttachmentsOn({ config, data }, redaction, stepLogs, archive.contents)
    opened.push(() => attachments.flush())
    let keeps: RetentionDoor | null = null
    const expired = (workspaceId: string, completedAt: number | null) =>
      keeps?.evidence(workspaceId, completedAt).io === "expired"
    const targets = await DurationTargets.open(data.measures)
    const guardedParts = { config, fatal, log, data, host: guarded, files, archive, expired, targets }
    const engine = await openEngineOn(guardedParts, redaction, {
      schemas,
      definitionReader,
      stepLogs,
      stepAttachments: attachments.ofSteps,
      waybillVersion: version,
    })
    opened.push(() => engine.drain(config.drainMs))
    const measures = openMeasures({
      store: data.measures,
      issues: data.issues,
      outcomes: data.outcomes,
      targets,
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
      kept: (workspaceId, text) =>
        redactedText(redaction.redaction, { workspaceId, environment: "", workflowId: "", kind: "log" }, text),
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
      logs: archive.runs.logs(data.logs),
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
