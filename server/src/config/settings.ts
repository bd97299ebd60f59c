/** Every setting: its name in the file, its variable, its type, its default and what it is for. One table. */
import { type KeyScope, keyScopes } from "@waybill/contract/words"
import { type Static, Type } from "typebox"

const key = Type.Object(
  {
    name: Type.String({ pattern: "^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$" }),
    sha256: Type.String({ pattern: "^[0-9a-f]{64}$", description: "Hex SHA-256 of the key." }),
    user: Type.Optional(Type.String({ pattern: "^user:.+$", maxLength: 256 })),
    teams: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { maxItems: 100 })),
    role: Type.Unsafe<"viewer" | "operator" | "admin">({ type: "string", enum: ["viewer", "operator", "admin"] }),
    scopes: Type.Optional(
      Type.Unsafe<readonly KeyScope[]>({
        type: "array",
        items: { type: "string", enum: [...keyScopes] },
        minItems: 1,
        uniqueItems: true,
        description: "What it is narrowed to; absent: all that its role gives.",
      }),
    ),
  },
  { additionalProperties: false },
)

const openActor = Type.Object(
  {
    id: Type.String({ pattern: "^user:.+$", maxLength: 256 }),
    teams: Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { maxItems: 100 }),
  },
  { additionalProperties: false },
)

const oidc = Type.Object(
  {
    issuer: Type.String({ pattern: "^https?://[^\\s]+$", description: "As its discovery document names it." }),
    clientId: Type.String({ minLength: 1, maxLength: 256 }),
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: "On the button; default `single sign-on`." }),
    ),
    scopes: Type.Optional(Type.String({ pattern: "(^| )openid( |$)", description: "Default `openid email profile`." })),
    groupsClaim: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: "Default `groups`." })),
    groups: Type.Array(
      Type.Object(
        {
          group: Type.String({ minLength: 1, maxLength: 256 }),
          workspace: Type.Optional(
            Type.String({ minLength: 1, maxLength: 64, description: "Slug; default `default`." }),
          ),
          role: Type.Unsafe<"viewer" | "operator" | "admin">({ type: "string", enum: ["viewer", "operator", "admin"] }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1_000 },
    ),
  },
  { additionalProperties: false },
)

const milliseconds = (maximum: number) => Type.Integer({ minimum: 0, maximum })

export const Settings = Type.Object(
  {
    port: Type.Integer({ minimum: 0, maximum: 65_535, default: 7420, description: "0: any free one." }),
    host: Type.String({ minLength: 1, default: "127.0.0.1", description: "Address to listen on." }),
    dataDir: Type.String({ minLength: 1, default: ".waybill", description: "Database, blobs, backups." }),
    storeUrl: Type.String({ default: "sqlite:", description: "`sqlite:` lies in the data directory." }),
    environmentsDir: Type.String({ minLength: 1, default: "environments", description: "Folder of the environments." }),
    auth: Type.Unsafe<"open" | "keys" | "oidc">({
      type: "string",
      enum: ["open", "keys", "oidc"],
      default: "open",
      description:
        "`open` only on loopback; `keys` by keys and by people who sign in; `oidc` also by an identity provider.",
    }),
    keys: Type.Array(key, { maxItems: 1_000, default: [], description: "Who may enter besides those in the store." }),
    oidc: Type.Unsafe<Static<typeof oidc> | null>({
      ...oidc,
      type: ["object", "null"],
      default: null,
      description: "The identity provider, and what its groups may do here.",
    }),
    oidcClientSecret: Type.Unsafe<string | null>({
      type: ["string", "null"],
      minLength: 1,
      default: null,
      description: "Of this server at the provider; better as a variable than in the file.",
    }),
    sessionIdleMinutes: Type.Integer({
      minimum: 5,
      maximum: 43_200,
      default: 720,
      description: "Somebody who has done nothing for so long signs in again.",
    }),
    sessionDays: Type.Integer({
      minimum: 1,
      maximum: 365,
      default: 7,
      description: "A session ends then at the latest.",
    }),
    openActor: Type.Unsafe<Static<typeof openActor>>({
      ...openActor,
      default: { id: "user:local", teams: [] },
      description: "Who acts in open mode.",
    }),
    baseUrl: Type.Unsafe<string | null>({
      type: ["string", "null"],
      pattern: "^https?://[^/]+$",
      default: null,
      description: "How people reach the server, where that is not host and port.",
    }),
    allowedHosts: Type.Array(Type.String({ minLength: 1 }), {
      maxItems: 100,
      default: [],
      description: "Further Host names that are answered.",
    }),
    allowedOrigins: Type.Array(Type.String({ pattern: "^https?://[^/]+$" }), {
      maxItems: 100,
      default: [],
      description: "Origins of browsers besides the server's own.",
    }),
    trustedProxies: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      maxItems: 100,
      default: [],
      description:
        "Addresses or networks of proxies whose `X-Forwarded-For` is believed: the audit names who is behind.",
    }),
    logLevel: Type.Unsafe<"debug" | "info" | "warn" | "error">({
      type: "string",
      enum: ["debug", "info", "warn", "error"],
      default: "info",
    }),
    drainMs: Type.Integer({
      ...milliseconds(600_000),
      default: 10_000,
      description: "Grace of running steps at the end.",
    }),
    watch: Type.Boolean({ default: false, description: "Load an environment again when its files change." }),
    agentIsolation: Type.Unsafe<"thread" | "process">({
      type: "string",
      enum: ["thread", "process"],
      default: "thread",
      description: "Where code agents run.",
    }),
    agentHeapMb: Type.Integer({ minimum: 32, maximum: 65_536, default: 512, description: "Heap of one agent host." }),
    slots: Type.Integer({ minimum: 1, maximum: 100_000, default: 1_024, description: "Attempts at the same time." }),
    slotsPerAgent: Type.Integer({ minimum: 1, maximum: 100_000, default: 256, description: "Of one agent." }),
    backfillShare: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.25,
      description: "Of an agent's slots, what backfills and replays may hold while production waits.",
    }),
    backfillStartsPerSecond: Type.Integer({
      minimum: 1,
      maximum: 100_000,
      default: 100,
      description: "Starts of backfills.",
    }),
    recordEnv: Type.Array(Type.String({ pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }), {
      maxItems: 100,
      default: [],
      description: "Variables that every run records.",
    }),
    readers: Type.Integer({ minimum: 1, maximum: 16, default: 2, description: "Threads that answer lists." }),
    attachmentMb: Type.Integer({
      minimum: 1,
      maximum: 64,
      default: 10,
      description: "The largest file that can be attached to a run.",
    }),
    attachmentLinkMinutes: Type.Integer({
      minimum: 1,
      maximum: 1_440,
      default: 15,
      description: "How long a link to an attachment lets in whoever has it.",
    }),
    streamsMax: Type.Integer({ minimum: 1, maximum: 100_000, default: 1_000, description: "Open event streams." }),
    redactionKeyFile: Type.Unsafe<string | null>({
      type: ["string", "null"],
      minLength: 1,
      default: null,
      description: "Key of tokens and digests; null is `redaction.key` in the data directory, made at the first start.",
    }),
    archive: Type.Unsafe<string | null>({
      type: ["string", "null"],
      pattern: "^(file:///|s3://).",
      maxLength: 1_024,
      default: null,
      description: "Where retention archives to: `file:///srv/archive` or `s3://bucket/prefix`.",
    }),
    archiveEndpoint: Type.Unsafe<string | null>({
      type: ["string", "null"],
      pattern: "^https?://[^/@]+/?$",
      default: null,
      description: "Of a store that speaks S3; null is Amazon's.",
    }),
    archiveRegion: Type.String({ minLength: 1, maxLength: 64, default: "us-east-1", description: "Of the bucket." }),
    archivePathStyle: Type.Boolean({
      default: true,
      description: "The bucket in the address's path; false: in its host name.",
    }),
    archiveAccessKey: Type.Unsafe<string | null>({
      type: ["string", "null"],
      minLength: 1,
      default: null,
      description: "For the bucket.",
    }),
    archiveSecretKey: Type.Unsafe<string | null>({
      type: ["string", "null"],
      minLength: 1,
      default: null,
      description: "For the bucket; better as a variable than in the file.",
    }),
    archiveRoomMb: Type.Integer({
      minimum: 1,
      maximum: 65_536,
      default: 256,
      description:
        "Archived runs that were looked at stay in the data directory up to so much, as they lie in the archive; and their attachments up to as much.",
    }),
    webhooksAllow: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      maxItems: 100,
      default: [],
      description:
        "Networks that webhooks may reach besides the public internet, `10.1.0.0/16`; there http is taken too.",
    }),
    webhooksRetrySeconds: Type.Array(Type.Integer({ minimum: 0, maximum: 604_800 }), {
      maxItems: 20,
      default: [5, 60, 300, 1_800, 7_200, 21_600, 50_400],
      description: "Between attempts of a webhook; one attempt more than there are numbers.",
    }),
    webhooksKeepDays: Type.Integer({ minimum: 1, maximum: 3_650, default: 30, description: "Log of deliveries." }),
    webhooksDisableHours: Type.Integer({
      minimum: 1,
      maximum: 8_760,
      default: 120,
      description: "A webhook that only failed for so long is disabled.",
    }),
    alertsGatherSeconds: Type.Integer({
      minimum: 0,
      maximum: 3_600,
      default: 10,
      description: "What is alike and comes so soon after the first is told with it, in one alert.",
    }),
    smtpUrl: Type.Unsafe<string | null>({
      type: ["string", "null"],
      minLength: 1,
      default: null,
      description:
        "Mail server of alerts, `smtps://user:password@host` or `smtp://…` (STARTTLS); better as a variable than in the file.",
    }),
    smtpFrom: Type.Unsafe<string | null>({
      type: ["string", "null"],
      minLength: 1,
      maxLength: 400,
      default: null,
      description: "Sender of alerts, `Waybill <waybill@example.com>`.",
    }),
  },
  { additionalProperties: false, title: "Configuration" },
)
export type Settings = Static<typeof Settings>
export type SettingName = keyof Settings

/** How a variable's text becomes a setting. Lists are separated by commas. */
export type Reader = "text" | "number" | "boolean" | "list" | "numbers"

export const variables: Readonly<Record<string, { readonly setting: SettingName; readonly reader: Reader }>> = {
  WAYBILL_PORT: { setting: "port", reader: "number" },
  WAYBILL_HOST: { setting: "host", reader: "text" },
  WAYBILL_DATA_DIR: { setting: "dataDir", reader: "text" },
  WAYBILL_STORE_URL: { setting: "storeUrl", reader: "text" },
  WAYBILL_ENVIRONMENTS_DIR: { setting: "environmentsDir", reader: "text" },
  WAYBILL_AUTH: { setting: "auth", reader: "text" },
  WAYBILL_OIDC_CLIENT_SECRET: { setting: "oidcClientSecret", reader: "text" },
  WAYBILL_SESSION_IDLE_MINUTES: { setting: "sessionIdleMinutes", reader: "number" },
  WAYBILL_SESSION_DAYS: { setting: "sessionDays", reader: "number" },
  WAYBILL_BASE_URL: { setting: "baseUrl", reader: "text" },
  WAYBILL_ALLOWED_HOSTS: { setting: "allowedHosts", reader: "list" },
  WAYBILL_ALLOWED_ORIGINS: { setting: "allowedOrigins", reader: "list" },
  WAYBILL_TRUSTED_PROXIES: { setting: "trustedProxies", reader: "list" },
  WAYBILL_LOG_LEVEL: { setting: "logLevel", reader: "text" },
  WAYBILL_DRAIN_MS: { setting: "drainMs", reader: "number" },
  WAYBILL_WATCH: { setting: "watch", reader: "boolean" },
  WAYBILL_AGENT_ISOLATION: { setting: "agentIsolation", reader: "text" },
  WAYBILL_AGENT_HEAP_MB: { setting: "agentHeapMb", reader: "number" },
  WAYBILL_SLOTS: { setting: "slots", reader: "number" },
  WAYBILL_SLOTS_PER_AGENT: { setting: "slotsPerAgent", reader: "number" },
  WAYBILL_BACKFILL_SHARE: { setting: "backfillShare", reader: "number" },
  WAYBILL_BACKFILL_STARTS_PER_SECOND: { setting: "backfillStartsPerSecond", reader: "number" },
  WAYBILL_RECORD_ENV: { setting: "recordEnv", reader: "list" },
  WAYBILL_READERS: { setting: "readers", reader: "number" },
  WAYBILL_ATTACHMENT_MB: { setting: "attachmentMb", reader: "number" },
  WAYBILL_ATTACHMENT_LINK_MINUTES: { setting: "attachmentLinkMinutes", reader: "number" },
  WAYBILL_STREAMS_MAX: { setting: "streamsMax", reader: "number" },
  WAYBILL_REDACTION_KEY_FILE: { setting: "redactionKeyFile", reader: "text" },
  WAYBILL_ARCHIVE: { setting: "archive", reader: "text" },
  WAYBILL_ARCHIVE_ENDPOINT: { setting: "archiveEndpoint", reader: "text" },
  WAYBILL_ARCHIVE_REGION: { setting: "archiveRegion", reader: "text" },
  WAYBILL_ARCHIVE_PATH_STYLE: { setting: "archivePathStyle", reader: "boolean" },
  WAYBILL_ARCHIVE_ACCESS_KEY: { setting: "archiveAccessKey", reader: "text" },
  WAYBILL_ARCHIVE_SECRET_KEY: { setting: "archiveSecretKey", reader: "text" },
  WAYBILL_ARCHIVE_ROOM_MB: { setting: "archiveRoomMb", reader: "number" },
  WAYBILL_WEBHOOKS_ALLOW: { setting: "webhooksAllow", reader: "list" },
  WAYBILL_WEBHOOKS_RETRY_SECONDS: { setting: "webhooksRetrySeconds", reader: "numbers" },
  WAYBILL_WEBHOOKS_KEEP_DAYS: { setting: "webhooksKeepDays", reader: "number" },
  WAYBILL_WEBHOOKS_DISABLE_HOURS: { setting: "webhooksDisableHours", reader: "number" },
  WAYBILL_ALERTS_GATHER_SECONDS: { setting: "alertsGatherSeconds", reader: "number" },
  WAYBILL_SMTP_URL: { setting: "smtpUrl", reader: "text" },
  WAYBILL_SMTP_FROM: { setting: "smtpFrom", reader: "text" },
}

/** Of the command line, of `npm start` and of this loader; no settings of the server. */
export const foreignVariables: ReadonlySet<string> = new Set(["WAYBILL_CONFIG", "WAYBILL_API_KEY", "WAYBILL_URL"])

/** Of later issues: refused, because ignoring them would run something else than was asked for (settled 17). */
export const laterVariables: ReadonlySet<string> = new Set([
  "WAYBILL_NATS_EMBEDDED",
  "WAYBILL_NATS_URL",
  "WAYBILL_NATS_JETSTREAM_ENABLED",
])
