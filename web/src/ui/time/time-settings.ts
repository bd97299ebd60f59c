import { createContext, use } from "react"

export type TimeSettings = {
  /** IANA name; undefined is the reader's own. */
  readonly zone?: string
  readonly shown: "relative" | "absolute"
}

const context = createContext<TimeSettings>({ shown: "relative" })

export const TimeSettingsProvider = context.Provider
export const useTimeSettings = (): TimeSettings => use(context)
