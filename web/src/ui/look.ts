import type { GlyphName } from "./glyph-names.ts"
import type { Tone } from "./tone.ts"

/** How a state is shown: the word for everyone, the glyph for a glance, the tone for those who see it. */
export type Look = {
  readonly word: string
  readonly tone: Tone
  readonly glyph: GlyphName
}
