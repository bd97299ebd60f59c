/** Why a sign-in by the identity provider came to nothing, in words that may be shown; `cause` is for the log. */
export class OidcRefused extends Error {
  /** Whom the provider named, for the audit; null: it named nobody, or the audit has it. */
  readonly who: string | null

  constructor(message: string, { who = null, ...options }: ErrorOptions & { readonly who?: string | null } = {}) {
    super(message, options)
    this.who = who
  }
}
