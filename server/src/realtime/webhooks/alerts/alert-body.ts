/** The same words for each way they travel: a mail, a text for a channel, a document. */
import type { AlertWords } from "./alert-words.ts"

export interface Mail {
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  /** Mails of one thread are shown together. */
  readonly thread: string | null
}

const subjectMax = 180

export function mailBody(words: AlertWords, to: readonly string[], thread: string | null): string {
  const { subject, lead, facts, url, footer } = words
  const width = Math.max(0, ...facts.map(([name]) => name.length)) + 2
  const table = facts.map(([name, value]) => `${name.padEnd(width)}${value}`).join("\n")
  const shown = url === null || facts.some(([, value]) => value === url) ? [] : [url]
  const text = [lead, table, ...shown, ...(footer === null ? [] : [footer])].join("\n\n")
  const mail: Mail = { to, subject: shortened(`Waybill: ${subject}`), text: `${text}\n`, thread }
  return JSON.stringify(mail)
}

/** As Slack and its like take it. */
export function channelBody({ subject, facts, url }: AlertWords): string {
  const lines = facts.filter(([, value]) => value !== url).map(([name, value]) => `${escaped(name)}: ${escaped(value)}`)
  const link = url === null ? [] : [`<${url}|Look>`]
  return JSON.stringify({ text: [`*${escaped(subject)}*`, ...lines, ...link].join("\n") })
}

/** For programs: the words, and what they are about. */
export function documentBody(words: AlertWords, about: { readonly [name: string]: unknown }, at: number): string {
  const { subject, lead, facts, url } = words
  const data = { subject, text: lead, facts: facts.map(([name, value]) => ({ name, value })), url, ...about }
  return JSON.stringify({ type: "alert", timestamp: new Date(at).toISOString(), data })
}

function shortened(text: string): string {
  return text.length <= subjectMax ? text : `${text.slice(0, subjectMax - 1)}…`
}

/** Stands where nothing is seen, and parts what would be read together. */
const nothing = "\u2060"

/**
 * What a run says must not become a mention, nor a link that hides where it leads: Slack's three signs, and for its like,
 * which read Markdown and names, `@channel`, `](`, and a line that says where a `[word]` of another line leads.
 */
function escaped(text: string): string {
  const plain = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
  return plain
    .replace(/(?<!\w)@(?=\w)/g, `@${nothing}`)
    .replaceAll("](", `]${nothing}(`)
    .replace(/^(\s{0,8}\[[^\]\n]{1,1000}\]):/gm, `$1${nothing}:`)
}
