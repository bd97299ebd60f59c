/** Where the runtime says what an operator should know. Values of runs never go here (rule 9). */
export type LogLevel = "debug" | "info" | "warn" | "error"

export interface Log {
  write(level: LogLevel, message: string, fields?: { readonly [name: string]: string | number | boolean | null }): void
}
