import { defaultKeymap, history, historyKeymap } from "@codemirror/commands"
import { json, jsonParseLinter } from "@codemirror/lang-json"
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language"
import { linter } from "@codemirror/lint"
import { EditorState } from "@codemirror/state"
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view"
import { tags } from "@lezer/highlight"
import { useEffect, useEffectEvent, useRef } from "react"
import { styleNonce } from "../../page/style-nonce.ts"
import type { JsonEditorProps } from "./json-editor-props.ts"

/** Of the form around it, which is sent by this key, and not a new line. */
const SENDS = "Mod-Enter"

/** What is typed goes out by `onChange`; a `value` of somebody else's replaces the text. Tab leaves it, as in any field. */
export default function CodeEditor({ label, value, onChange }: JsonEditorProps) {
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const changed = useEffectEvent(onChange)
  const begin = useEffectEvent(() => ({ doc: value, label }))

  // effect: the editor lives outside React, and ends with the component.
  useEffect(() => {
    const { doc, label: name } = begin()
    const editor = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc,
        extensions: [
          EditorView.cspNonce.of(styleNonce),
          lineNumbers(),
          history(),
          indentOnInput(),
          bracketMatching(),
          highlightActiveLine(),
          json(),
          linter(jsonParseLinter(), { delay: 300 }),
          syntaxHighlighting(colours),
          look,
          keymap.of([...defaultKeymap.filter(({ key }) => key !== SENDS), ...historyKeymap]),
          EditorView.lineWrapping,
          typedOverSelection,
          EditorView.contentAttributes.of({ "aria-label": name, tabindex: "0" }),
          EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
        ],
      }),
    })
    view.current = editor
    return () => editor.destroy()
  }, [])

  // effect: a text that was set from outside goes into the editor; what was typed in it is there already.
  useEffect(() => {
    const editor = view.current
    if (editor === null || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])

  return <div ref={box} className="overflow-hidden rounded-sm border border-line-control bg-surface" />
}

/**
 * What is typed over a selection goes through the editor's state. Left to the browser, it would keep the look of what is
 * replaced by an inline style, which the policy refuses.
 */
const typedOverSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || event.isComposing || event.data === null) return false
    if (view.state.selection.main.empty) return false
    event.preventDefault()
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true })
    return true
  },
})

const look = EditorView.theme({
  "&": { fontSize: "12px", maxHeight: "22rem", color: "var(--fg)" },
  "&.cm-focused": { outline: "2px solid var(--ring)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--font-mono, ui-monospace, monospace)", lineHeight: "18px", overflow: "auto" },
  ".cm-content": { caretColor: "var(--fg)", padding: "6px 0" },
  ".cm-cursor": { borderLeftColor: "var(--fg)" },
  ".cm-gutters": { background: "var(--sunken)", color: "var(--fg-faint)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { background: "color-mix(in srgb, var(--hover) 70%, transparent)" },
  ".cm-activeLineGutter": { background: "var(--hover)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection": { background: "var(--selected)" },
  ".cm-tooltip": { background: "var(--raised)", border: "1px solid var(--line-strong)", color: "var(--fg)" },
})

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent)" },
  { tag: tags.string, color: "var(--fg)" },
  { tag: [tags.number, tags.bool], color: "var(--fg)", fontWeight: "600" },
  { tag: tags.null, color: "var(--fg-faint)" },
  { tag: [tags.punctuation, tags.separator, tags.brace, tags.squareBracket], color: "var(--fg-muted)" },
])
