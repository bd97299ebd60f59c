/**
 * Secrets of every kind that a detector knows, made up from a seed. Pieces are joined only here, so that nobody's scanner
 * takes this file for a leak.
 */

export interface PlantedSecret {
  readonly kind: string
  /** As it comes in: the secret with what stands around it. */
  readonly text: string
  /** What must be nowhere afterwards. */
  readonly secret: string
}

const digits = "0123456789"
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
const word = letters + digits

export function plantedSecrets(each: number): readonly PlantedSecret[] {
  const random = generator(20_261_121)
  const some = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("")
  /** The first word is the kind; what follows says in what surroundings. */
  const kinds: Readonly<Record<string, () => readonly [text: string, secret: string]>> = {
    aws_access_key: () => alone(`AKIA${some("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)}`),
    aws_secret_key: () => inside("aws_secret_access_key=", some(word, 40), ""),
    azure_key: () => inside("AccountName=a;AccountKey=", `${some(word, 86)}==`, ";"),
    basic_auth: () => inside("Authorization: Basic ", btoa(`${some(letters, 6)}:${some(word, 12)}`), ""),
    bearer_token: () => inside("authorization: bearer ", some(word, 40), ""),
    github_token: () => alone(`ghp_${some(word, 36)}`),
    gitlab_token: () => alone(`glpat-${some(word, 20)}`),
    google_api_key: () => alone(`AIza${some(word, 35)}`),
    jwt: () => alone(`eyJ${some(word, 20)}.${some(word, 30)}.${some(word, 43)}`),
    llm_api_key: () => alone(`sk-proj-${some(word, 40)}`),
    npm_token: () => alone(`npm_${some(word, 36)}`),
    private_key: () => {
      const body = some(word, 64)
      return [`-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`, body]
    },
    secret_assignment: () => inside("login failed, password=", some(word, 14), " was wrong"),
    sendgrid_key: () => alone(`SG.${some(word, 22)}.${some(word, 43)}`),
    slack_token: () => alone(`xoxb-${some(digits, 12)}-${some(word, 24)}`),
    stripe_key: () => alone(`sk_live_${some(word, 24)}`),
    twilio_key: () => alone(`SK${some("0123456789abcdef", 32)}`),
    url_password: () => inside("postgres://app:", some(word, 16), "@db.example.com:5432/main"),
    "secret_assignment by token": () => inside("GET /hooks?token=", `${some(word, 20)}7`, "&page=2"),
    card: () => alone(withLuhn(`4${some(digits, 14)}`)),
    "card before its end": () => inside("card ", inFours(withLuhn(`4${some(digits, 14)}`)), " 12/27"),
    "card before its code": () => inside("", withLuhn(`4${some(digits, 14)}`), ` ${some(digits, 3)}`),
    "card behind a count": () => inside("2 ", inFours(withLuhn(`4${some(digits, 14)}`)), " paid"),
    email: () => alone(`${some(letters, 10)}@${some(letters, 8)}.example.com`),
    iban: () => alone(ibanOf(some(digits, 18))),
    "iban before its currency": () => inside("to ", inFours(ibanOf(some(digits, 18))), " EUR 100"),
    phone: () => alone(`+49 151 ${some("123456789", 4)} ${some(digits, 4)}`),
    ssn: () => alone(`${some("12345", 3)}-${some("123456789", 2)}-${some("123456789", 4)}`),
  }
  return Object.entries(kinds).flatMap(([name, make]) =>
    Array.from({ length: each }, () => {
      const [text, secret] = make()
      return { kind: name.split(" ", 1)[0]!, text, secret }
    }),
  )
}

function alone(secret: string): readonly [string, string] {
  return [secret, secret]
}

function inside(before: string, secret: string, behind: string): readonly [string, string] {
  return [before + secret + behind, secret]
}

function inFours(text: string): string {
  return text.replace(/.{4}(?=.)/g, "$& ")
}

function withLuhn(body: string): string {
  const sum = [...body].reverse().reduce((all, digit, index) => {
    const weighed = index % 2 === 0 ? Number(digit) * 2 : Number(digit)
    return all + (weighed > 9 ? weighed - 9 : weighed)
  }, 0)
  return body + ((10 - (sum % 10)) % 10)
}

function ibanOf(account: string): string {
  const check = 98n - (BigInt(`${account}131400`) % 97n)
  return `DE${String(check).padStart(2, "0")}${account}`
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
