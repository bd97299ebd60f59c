import type { Finding } from "@waybill/contract"

export interface CodeProps {
  readonly text: string
  readonly language: "yaml" | "json"
  /** What it is: `Definition of order, version 1.2`. */
  readonly label: string
  /** Each stands under its line, in words. */
  readonly problems?: readonly Finding[]
  /** The line to begin at, 1-based. */
  readonly line?: number
}
