/**
 * The only reader of the environment (architecture §1, §10): one file `waybill.config.{json,yaml}`, `WAYBILL_*`
 * variables over it, defaults below both. Everything wrong is said at once; nothing unknown is ignored.
 */
import { existsSync, readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { readJson } from "@waybill/engine"
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js"
import { parseDocument } from "yaml"
import { archiveProblems } from "./config/archive-settings.ts"
import {
  foreignVariables,
  laterVariables,
  type Reader,
  type SettingName,
  Settings,
  variables,
} from "./config/settings.ts"
import { uselessScopes } from "./http/shared/auth.ts"
import { nearest } from "./nearest.ts"
import { networkProblem } from "./realtime/webhooks/address-rules.ts"
import { senderOf } from "./realtime/webhooks/alerts/address.ts"
import { shownSmtpUrl, smtpServer } from "./realtime/webhooks/alerts/smtp-url.ts"
import { schemaFinding } from "./schema-findings.ts"

export type { Settings } from "./config/settings.ts"

export interface Config extends Settings {
  /** Absolute. */
  readonly dataDir: string
  /** Absolute. */
  readonly environmentsDir: string
  /** Where each setting came from: `default`, a file, a variable. */
  readonly sources: Readonly<Record<SettingName, string>>
  /** The values that `recordEnv` names. */
  readonly recordedEnv: Readonly<Record<string, string>>
}

export interface ConfigRequest {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute; where `waybill.config.*` is looked for and what relative paths of variables start at. */
  readonly directory: string
  /** Over everything else: options of the command line. */
  readonly overrides?: Partial<Settings>
}

/** Wrong use: the process exits 2. One line a problem, each with how to mend it. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`the configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`)
    this.name = "ConfigError"
    this.problems = problems
  }
}

type Draft = { [name: string]: unknown }

export function loadConfig(request: ConfigRequest): Config {
  const problems: string[] = []
  const file = findFile(request, problems)
  const settings: Draft = defaults()
  const sources: { [name: string]: string } = Object.fromEntries(Object.keys(settings).map((name) => [name, "default"]))
  const take = (from: Draft, source: (name: string) => string) => {
    for (const [name, value] of Object.entries(from)) {
      if (value === undefined) continue
      settings[name] = value
      sources[name] = source(name)
    }
  }
  if (file !== null) take(readFile(file, problems), () => file)
  const fromVariables = readVariables(request.env, problems)
  take(fromVariables.settings, (name) => fromVariables.names.get(name) ?? "")
  take({ ...request.overrides }, () => "command line")
  check(settings, sources, problems)
  const config = { ...(settings as unknown as Settings), sources, recordedEnv: {} } as Config
  if (problems.length === 0) problems.push(...contradictions(config))
  if (problems.length > 0) throw new ConfigError(problems)
  const from = (name: SettingName) => (sources[name] === file && file !== null ? dirname(file) : request.directory)
  return {
    ...config,
    dataDir: resolve(from("dataDir"), config.dataDir),
    environmentsDir: resolve(from("environmentsDir"), config.environmentsDir),
    recordedEnv: Object.fromEntries(
      config.recordEnv.flatMap((name) => (request.env[name] === undefined ? [] : [[name, request.env[name]]])),
    ),
  }
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host)
}

export interface PrintedSetting {
  readonly name: string
  readonly value: string
  readonly source: string
}

/** For `waybill doctor`: every setting with where it came from. What could open a door is not shown. */
export function printableConfig(config: Config): readonly PrintedSetting[] {
  return (Object.keys(Settings.properties) as SettingName[]).map((name) => {
    const shown = shownOf(config, name)
    return { name, value: typeof shown === "string" ? shown : JSON.stringify(shown), source: config.sources[name] }
  })
}

const hidden: ReadonlySet<SettingName> = new Set(["oidcClientSecret", "archiveAccessKey", "archiveSecretKey"])

function shownOf(config: Config, name: SettingName): unknown {
  if (name === "keys") return config.keys.map(({ sha256: _hidden, ...key }) => ({ ...key, sha256: "…" }))
  if (name === "smtpUrl" && config.smtpUrl !== null) return shownSmtpUrl(config.smtpUrl)
  return hidden.has(name) && config[name] !== null ? "…" : config[name]
}

function defaults(): Draft {
  const properties = Settings.properties as unknown as Record<string, { readonly default?: unknown }>
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, structuredClone(schema.default)]))
}

const fileNames = ["waybill.config.json", "waybill.config.yaml", "waybill.config.yml"] as const

function findFile({ env, directory }: ConfigRequest, problems: string[]): string | null {
  if (env.WAYBILL_CONFIG) {
    const named = resolve(directory, env.WAYBILL_CONFIG)
    if (existsSync(named)) return named
    problems.push(`WAYBILL_CONFIG names ${named}, which is not there`)
    return null
  }
  const found = fileNames.map((name) => join(directory, name)).filter((path) => existsSync(path))
  if (found.length > 1) problems.push(`there are several configurations: ${found.join(", ")}; keep one`)
  return found[0] ?? null
}

function readFile(path: string, problems: string[]): Draft {
  const text = readFileSync(path, "utf8")
  const value = path.endsWith(".json") ? jsonOf(text, path, problems) : yamlOf(text, path, problems)
  if (value === undefined || value === null) return {}
  if (typeof value === "object" && !Array.isArray(value)) return value as Draft
  problems.push(`${path}: the configuration is an object of settings`)
  return {}
}

function jsonOf(text: string, path: string, problems: string[]): unknown {
  const read = readJson(text)
  if (read.ok) return read.value
  problems.push(`${path}:${read.problem.line ?? 1}:${read.problem.column ?? 1}: ${read.problem.message}`)
  return undefined
}

function yamlOf(text: string, path: string, problems: string[]): unknown {
  const document = parseDocument(text, { uniqueKeys: true, version: "1.2" })
  for (const error of document.errors) problems.push(`${path}: ${error.message.split("\n")[0]}`)
  return document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 10 })
}

function readVariables(env: ConfigRequest["env"], problems: string[]) {
  const settings: Draft = {}
  const names = new Map<string, string>()
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith("WAYBILL_") || text === undefined || text === "" || foreignVariables.has(name)) continue
    const known = variables[name]
    if (known === undefined) problems.push(...refuseVariable(name, text))
    else {
      settings[known.setting] = settingOf(known.reader, text)
      names.set(known.setting, name)
    }
  }
  return { settings, names }
}

function refuseVariable(name: string, text: string): readonly string[] {
  if (laterVariables.has(name)) {
    return text === "false" ? [] : [`${name}: not supported yet; without it the built-in queue serves one machine`]
  }
  const guess = nearest(name, Object.keys(variables))
  return [`${name} is no variable of Waybill${guess === null ? "" : `; did you mean ${guess}?`}`]
}

/** What does not fit is passed on as text; the check then names it. */
function settingOf(reader: Reader, text: string): unknown {
  switch (reader) {
    case "text":
      return text
    case "number":
      return /^\d+$/.test(text) ? Number(text) : text
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text
    case "list":
      return partsOf(text)
    case "numbers":
      return partsOf(text).map((part) => settingOf("number", part))
  }
}

function partsOf(text: string): readonly string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
}

let validate: ValidateFunction | null = null

/** It is not held against its metaschema at every start: compiling that one takes a tenth of a second. */
const ownSchema = { meta: false, validateSchema: false } as const

function check(settings: Draft, sources: { readonly [name: string]: string }, problems: string[]): void {
  validate ??= new Ajv2020({ ...ownSchema, allErrors: true, verbose: true, strict: false }).compile(Settings)
  if (validate(settings)) return
  for (const error of validate.errors as ErrorObject[]) {
    const finding = schemaFinding(error, "setting")
    const name = finding.pointer?.split("/")[1] ?? ""
    const source = sources[name] === undefined ? "" : `${sources[name]}: `
    problems.push(
      `${source}${name === "" ? "" : `${finding.pointer?.slice(1)}: `}${finding.message}${finding.hint ? `. ${finding.hint}` : ""}`,
    )
  }
}

/** What each setting allows and all together do not. */
function contradictions(config: Config): readonly string[] {
  const problems: string[] = []
  if (config.storeUrl !== "sqlite:") {
    problems.push(
      `storeUrl ${JSON.stringify(config.storeUrl)} is not supported yet; the store is \`sqlite:\` in the data directory`,
    )
  }
  if (config.auth === "open" && !isLoopback(config.host)) {
    problems.push(
      `host ${config.host} can be reached from other machines, and auth is open: set WAYBILL_AUTH=keys with \`keys\`, or listen on 127.0.0.1`,
    )
  }
  problems.push(...oidcProblems(config), ...archiveProblems(config), ...mailProblems(config))
  const names = config.keys.map((key) => key.name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) problems.push(`two keys are called ${JSON.stringify(twice)}`)
  for (const { name, role, scopes = null } of config.keys)
    for (const { scope, needed } of uselessScopes(role, scopes))
      problems.push(
        `the key ${JSON.stringify(name)} is a ${role}, to whom its scope ${scope} opens nothing: give it the role ${needed}, or leave the scope out`,
      )
  if (config.slotsPerAgent > config.slots) problems.push("slotsPerAgent is larger than slots")
  for (const name of ["webhooksAllow", "trustedProxies"] as const)
    for (const network of config[name]) {
      const problem = networkProblem(network)
      if (problem !== null) problems.push(`${name}: ${problem}`)
    }
  return problems
}

function mailProblems({ smtpUrl, smtpFrom }: Config): readonly string[] {
  if (smtpUrl === null) return smtpFrom === null ? [] : ["smtpFrom is set, and smtpUrl does not say which server sends"]
  const server = smtpServer(smtpUrl)
  if (typeof server === "string") return [`smtpUrl: ${server}`]
  if (smtpFrom === null) return ["smtpUrl is set, and smtpFrom does not say who sends: set WAYBILL_SMTP_FROM"]
  return senderOf(smtpFrom) === null ? [`smtpFrom: ${JSON.stringify(smtpFrom)} is no address`] : []
}

function oidcProblems({ auth, oidc, baseUrl }: Config): readonly string[] {
  if (auth !== "oidc") return oidc === null ? [] : ["oidc is configured, and auth is not oidc: set WAYBILL_AUTH=oidc"]
  if (oidc === null)
    return ["auth is oidc, and `oidc` does not say which provider: add it, as docs/guides/access.md shows"]
  const problems: string[] = []
  if (baseUrl === null) problems.push("auth is oidc, and baseUrl does not say where the provider sends people back to")
  if (!URL.canParse(oidc.issuer)) problems.push(`oidc: ${JSON.stringify(oidc.issuer)} is no address`)
  else if (!oidc.issuer.startsWith("https:") && !isLoopback(new URL(oidc.issuer).hostname))
    problems.push("oidc: the issuer is not https; without it anybody on the way could sign in as anybody")
  return problems
}
