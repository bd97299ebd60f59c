/**
 * Finds in a text what should not be kept as it is: credentials by their published forms, and personal data by forms that
 * can be proven (Luhn, ISO 7064). Every pattern is linear: a run of one class of characters, bounded, with an anchor in
 * front. What has no form of its own (a name, a password in prose) needs a field rule. It says where, never what to do.
 */

export const credentialDetectors = [
  "aws_access_key",
  "aws_secret_key",
  "azure_key",
  "basic_auth",
  "bearer_token",
  "github_token",
  "gitlab_token",
  "google_api_key",
  "jwt",
  "llm_api_key",
  "npm_token",
  "private_key",
  "secret_assignment",
  "sendgrid_key",
  "slack_token",
  "stripe_key",
  "twilio_key",
  "url_password",
] as const

export const personalDetectors = ["card", "email", "iban", "ip_address", "phone", "ssn"] as const

export type TextDetector = (typeof credentialDetectors)[number] | (typeof personalDetectors)[number]
/** `secret_field` goes by the name of a field instead of by its value. */
export type DetectorName = TextDetector | "secret_field"

export const detectorNames: readonly DetectorName[] = [...credentialDetectors, "secret_field", ...personalDetectors]

export interface Span {
  readonly start: number
  readonly end: number
  readonly detector: TextDetector
}

interface Detector {
  readonly name: TextDetector
  /** Without it there is nothing to look for. */
  readonly needs?: string
  /** Global. Group 1, where there is one, is the secret; else the whole match. */
  readonly pattern: RegExp
  readonly proves?: (text: string) => boolean
  /** What follows in one breath ("12/27", "EUR") may lie in the match: what proves may end at any gap in it. */
  readonly mayEndBefore?: RegExp
}

/** In this order: where two find the same place, the first keeps it. */
const credentials: readonly Detector[] = [
  { name: "jwt", needs: "eyJ", pattern: /\beyJ[A-Za-z0-9_-]{5,8000}\.[A-Za-z0-9_-]{2,8000}\.[A-Za-z0-9_-]{0,8000}/g },
  { name: "aws_access_key", pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g },
  {
    name: "aws_secret_key",
    pattern: /\baws.{0,20}?(?:secret|key).{0,20}?["'\s:=]([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])/gi,
  },
  { name: "azure_key", pattern: /\b(?:AccountKey|SharedAccessKey|sig)=([A-Za-z0-9+/%]{32,200}={0,2})/g },
  { name: "github_token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})/g },
  { name: "gitlab_token", pattern: /\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas)-[A-Za-z0-9_.-]{20,255}/g },
  {
    name: "slack_token",
    pattern: /\bxox[abeoprs](?:\.xox[a-z])?-[A-Za-z0-9-]{10,255}|\bxapp-[0-9]-[A-Za-z0-9-]{10,255}/g,
  },
  { name: "slack_token", pattern: /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9_/]{20,255})/g },
  { name: "stripe_key", pattern: /\b(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9+/=]{16,255}/g },
  { name: "google_api_key", pattern: /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])|\bya29\.[A-Za-z0-9_-]{20,2000}/g },
  { name: "llm_api_key", pattern: /\bsk-[A-Za-z0-9_-]{20,255}/g },
  { name: "npm_token", pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { name: "sendgrid_key", pattern: /\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}/g },
  { name: "twilio_key", pattern: /\bSK[0-9a-f]{32}\b/g },
  { name: "url_password", pattern: /\b[a-z][a-z0-9+.-]{1,31}:\/\/[^\s/:@"']{0,256}:([^\s/@"']{1,256})@/gi },
  { name: "bearer_token", pattern: /\bbearer\s{1,4}([A-Za-z0-9._~+/-]{8,8000}={0,2})/gi, proves: isNoWord },
  { name: "basic_auth", pattern: /\bbasic\s{1,4}([A-Za-z0-9+/]{8,4000}={0,2})(?![A-Za-z0-9+/])/gi, proves: holdsColon },
  {
    name: "secret_assignment",
    pattern:
      /(?:password|passwd|passphrase|pwd|secret|api[_-]?key|access[_-]?key|auth[_-]?token|access[_-]?token|refresh[_-]?token|session[_-]?(?:id|token)|client[_-]?secret|private[_-]?key)\\?["']?\s{0,4}=\s{0,4}\\?["']?([^\s"'\\,;&<>[\](){}]{4,1024})/gi,
  },
  // "nextToken=" is a place in a list, and "token: card" may be a marker of our own.
  {
    name: "secret_assignment",
    pattern:
      /(?<!(?:next|page|prev|previous|continuation|cursor|sync|resume|max|stop|[_-]per)[_-]?)token(?:\s{0,4}=|\\?["']\s{0,4}[:=])\s{0,4}\\?["']?([^\s"'\\,;&<>[\](){}]{8,1024})/gi,
    proves: isNoWord,
  },
  // "password: required" is prose.
  {
    name: "secret_assignment",
    pattern:
      /(?:password|passwd|passphrase|pwd|secret|api[_-]?key|access[_-]?key|auth[_-]?token|access[_-]?token|refresh[_-]?token|session[_-]?(?:id|token)|client[_-]?secret|private[_-]?key)\\?["']?\s{0,4}:\s{0,4}\\?["']?([^\s"'\\,;&<>[\](){}]{4,1024})/gi,
    proves: isNoWord,
  },
]

const personal: readonly Detector[] = [
  {
    name: "email",
    needs: "@",
    pattern: /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])/g,
  },
  {
    name: "iban",
    pattern: /\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g,
    proves: isIban,
    mayEndBefore: / /g,
  },
  {
    name: "card",
    pattern: /(?<![\w.-])[2-6](?:[ -]?\d){12,18}(?![\w-])(?!\.\d)/g,
    proves: isCard,
    mayEndBefore: /[ -]/g,
  },
  { name: "ssn", pattern: /(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g },
  {
    name: "phone",
    pattern: /(?<![\w+.-])(?:\+\d[\d ./()-]{6,22}\d|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}[.-]\d{3}[.-]\d{4})(?![\w-])/g,
    proves: hasPhoneDigits,
    mayEndBefore: / /g,
  },
  {
    name: "ip_address",
    pattern:
      /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.])|(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])/gi,
  },
]

/** Most texts have none of these, and need no further look. */
const credentialHint =
  /:\/\/|eyJ|-----BEGIN|xox|xapp-|gh[pousr]_|github_pat_|\bgl[a-z]{2,5}-|\bsk-|[sr]k_|whsec_|ya29\.|AIza|npm_|\bSG\.|\bSK|A(?:KIA|SIA|BIA|CCA)|\b(?:bearer|basic|aws)|(?:pass|pwd|secret|key|token|session|sig)[\w"'\\ -]{0,12}[:=]|hooks\.slack/i
const personalHint = /\d{3}|\d\.\d|@|[0-9a-f]:[0-9a-f]/i
const shortest = 7

/** Names of fields that hold a secret whatever its form, without case, `_`, `-` and blanks. */
const secretFields: ReadonlySet<string> = new Set([
  "authorization",
  "cookie",
  "cvc",
  "cvv",
  "otp",
  "proxyauthorization",
  "pwd",
  "setcookie",
])

/** And those that end so: `dbPassword`, `aws_secret_access_key`. What goes on behind (`passwordHint`) is another thing. */
const secretEnding = /(?:password|passwd|passphrase|secret|apikey|accesskey|secretkey|privatekey)$/
/** But a place in a list, and what is counted in tokens. */
const tokenEnding = /(?<!next|page|prev|previous|continuation|cursor|sync|resume|pagination|max|stop)token$/
/** `costPerToken`, not `developerToken`. */
const countedByToken = /PerToken$|[_\- ](?:per|PER|Per)[_\- ](?:token|TOKEN|Token)$/
const fieldNameMax = 64

export function isSecretField(name: string): boolean {
  if (name.length > fieldNameMax) return false
  const plain = name.replace(/[_\- ]/g, "").toLowerCase()
  return secretFields.has(plain) || secretEnding.test(plain) || (tokenEnding.test(plain) && !countedByToken.test(name))
}

/**
 * In order, none over another.
 * @param on which detectors look
 */
export function findSecrets(text: string, on: (detector: TextDetector) => boolean): readonly Span[] {
  if (text.length < shortest) return []
  let found: readonly Span[] = []
  if (credentialHint.test(text)) {
    if (on("private_key")) found = privateKeys(text)
    for (const detector of credentials) if (on(detector.name)) found = merged(found, matches(detector, text))
  }
  if (personalHint.test(text))
    for (const detector of personal) if (on(detector.name)) found = merged(found, matches(detector, text))
  return found
}

function matches({ name, needs, pattern, proves, mayEndBefore }: Detector, text: string): readonly Span[] {
  if (needs !== undefined && !text.includes(needs)) return []
  const found: Span[] = []
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const whole = match[1] ?? match[0]
    const secret = proven(whole, proves, mayEndBefore)
    if (secret !== null) {
      const start = match.index + match[0].lastIndexOf(whole)
      found.push({ start, end: start + secret.length, detector: name })
    }
    // A secret may begin inside what was only looked at together with it: a match is bounded, so that this is too.
    if (mayEndBefore !== undefined) pattern.lastIndex = match.index + (secret?.length ?? 1)
  }
  return found
}

/** The longest that proves: all of it, or up to a gap. */
function proven(whole: string, proves: Detector["proves"], mayEndBefore: RegExp | undefined): string | null {
  if (proves === undefined || proves(whole)) return whole
  if (mayEndBefore === undefined) return null
  for (const gap of [...whole.matchAll(mayEndBefore)].reverse()) {
    const shorter = whole.slice(0, gap.index)
    if (proves(shorter)) return shorter
  }
  return null
}

/** Not by a pattern: one that looks for the end of each beginning is quadratic. One that was cut off goes to the end. */
function privateKeys(text: string): readonly Span[] {
  const found: Span[] = []
  let from = 0
  for (;;) {
    const start = text.indexOf("-----BEGIN ", from)
    if (start === -1) return found
    const head = /^-----BEGIN [A-Z0-9 ]{0,64}PRIVATE KEY(?: BLOCK)?-----/.exec(text.slice(start, start + 100))
    from = start + (head?.[0].length ?? 11)
    if (head === null) continue
    const foot = text.indexOf("-----END ", from)
    const close = foot === -1 ? -1 : text.indexOf("-----", foot + 9)
    from = close === -1 ? text.length : close + 5
    found.push({ start, end: from, detector: "private_key" })
  }
}

/** Both in order; where one of `later` lies over one of `first`, it gives way. */
function merged(first: readonly Span[], later: readonly Span[]): readonly Span[] {
  if (later.length === 0) return first
  if (first.length === 0) return later
  const all: Span[] = []
  let at = 0
  for (const span of later) {
    while (at < first.length && first[at]!.end <= span.start) all.push(first[at++]!)
    if (at === first.length || first[at]!.start >= span.end) all.push(span)
  }
  return all.concat(first.slice(at))
}

/** A card's number kept as a number has no text to look at. */
export function isCardNumber(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 2_000_000_000_000 && isCard(String(value))
}

/** The ranges that issuers use, their lengths, and Luhn's sum. */
function isCard(text: string): boolean {
  const digits = text.replace(/[ -]/g, "")
  const isIssued =
    /^4(?:\d{12}|\d{15}|\d{18})$/.test(digits) ||
    (/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)\d*$/.test(digits) && digits.length === 16) ||
    /^3[47]\d{13}$/.test(digits) ||
    /^3(?:0[0-5]|[689])\d{11}$/.test(digits) ||
    (/^(?:6011|64[4-9]|65|35|62)\d*$/.test(digits) && digits.length >= 16 && digits.length <= 19)
  return isIssued && luhn(digits)
}

function luhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48
    const weighed = i % 2 === 0 ? digit : digit * 2
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}

/** ISO 13616: the first four characters moved behind, letters as numbers, the whole 1 modulo 97. */
function isIban(text: string): boolean {
  const compact = text.replaceAll(" ", "")
  if (compact.length < 15 || compact.length > 34) return false
  let rest = 0
  for (const sign of compact.slice(4) + compact.slice(0, 4))
    for (const digit of String(Number.parseInt(sign, 36))) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}

/** Something that nobody says: a sign, a digit, or no end. */
function isNoWord(text: string): boolean {
  return text.length >= 24 || /[^A-Za-z]/.test(text)
}

/** E.164 allows 15; with less than 8 it is any number. */
function hasPhoneDigits(text: string): boolean {
  const digits = text.replace(/\D/g, "").length
  return digits >= 8 && digits <= 15
}

const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
const colon = 58

/** `user:password` in base 64, and not a word that follows "basic". */
function holdsColon(text: string): boolean {
  let bits = 0
  let count = 0
  for (const sign of text) {
    const value = base64.indexOf(sign)
    if (value === -1) break
    bits = ((bits << 6) | value) & 0xffff
    count += 6
    if (count < 8) continue
    count -= 8
    if (((bits >> count) & 0xff) === colon) return true
  }
  return false
}
