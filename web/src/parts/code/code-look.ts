/** The viewer in the tokens of `styles.css`: both themes by themselves. Structure is grey, names carry the accent. */
import { HighlightStyle } from "@codemirror/language"
import { EditorView } from "@codemirror/view"
import { tags } from "@lezer/highlight"

export const codeLook = EditorView.theme({
  "&": { color: "var(--fg)", fontSize: "12px", maxHeight: "70vh" },
  "&.cm-focused": { outline: "2px solid var(--ring)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--font-mono, ui-monospace, monospace)", lineHeight: "18px", overflow: "auto" },
  ".cm-content": { padding: "8px 0" },
  ".cm-line": { padding: "0 12px 0 8px" },
  ".cm-gutters": {
    background: "var(--surface)",
    color: "var(--fg-faint)",
    border: "none",
    fontVariantNumeric: "tabular-nums",
  },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "36px", padding: "0 4px 0 8px" },
  ".cm-foldGutter .cm-gutterElement": { width: "14px", cursor: "pointer" },
  ".cm-foldPlaceholder": {
    background: "var(--sunken)",
    border: "1px solid var(--line)",
    color: "var(--fg-muted)",
    padding: "0 4px",
  },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection": { background: "var(--selected)" },
  ".cm-problem-line": { background: "color-mix(in srgb, var(--status-failed) 9%, transparent)" },
  ".cm-warning-line": { background: "color-mix(in srgb, var(--status-waiting) 10%, transparent)" },
  ".cm-problem-place": {
    textDecoration: "underline wavy",
    textDecorationSkipInk: "none",
    textDecorationThickness: "1px",
    textDecorationColor: "var(--status-failed)",
    textUnderlineOffset: "3px",
  },
  ".cm-problem-place.cm-warning": { textDecorationColor: "var(--status-waiting)" },
  // The editor measures a block without its margins: what stands around it is padding.
  ".cm-problem": { padding: "2px 12px 6px 8px" },
  ".cm-problem-words": {
    fontFamily: "var(--font-sans, ui-sans-serif, system-ui, sans-serif)",
    padding: "4px 8px",
    borderLeft: "2px solid var(--status-failed)",
    background: "var(--sunken)",
    whiteSpace: "normal",
  },
  ".cm-problem-words.cm-warning": { borderLeftColor: "var(--status-waiting)" },
  ".cm-problem-hint": { color: "var(--fg-muted)" },
})

export const codeColours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.string, tags.content], color: "var(--fg)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--fg)", fontWeight: "600" },
  { tag: [tags.comment, tags.lineComment, tags.meta], color: "var(--fg-faint)", fontStyle: "italic" },
  {
    tag: [tags.punctuation, tags.separator, tags.brace, tags.squareBracket, tags.labelName],
    color: "var(--fg-muted)",
  },
])
