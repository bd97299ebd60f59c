import { json } from "@codemirror/lang-json"
import { yaml } from "@codemirror/lang-yaml"
import { codeFolding, foldGutter, foldKeymap, syntaxHighlighting } from "@codemirror/language"
import { EditorState } from "@codemirror/state"
import { EditorView, keymap, lineNumbers } from "@codemirror/view"
import { useState } from "react"
import { styleNonce } from "../../page/style-nonce.ts"
import { codeColours, codeLook } from "./code-look.ts"
import type { CodeProps } from "./code-props.ts"
import { problemMarks } from "./problem-marks.ts"

/** Made anew for another text: whoever shows it gives it a key. */
export default function CodeArea({ text, language, label, problems = [], line }: CodeProps) {
  function show(box: HTMLDivElement | null) {
    if (box === null) return
    const view = new EditorView({
      parent: box,
      state: EditorState.create({
        doc: text,
        extensions: [
          EditorView.cspNonce.of(styleNonce),
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": label, "aria-readonly": "true", tabindex: "0" }),
          lineNumbers(),
          codeFolding(),
          foldGutter(),
          language === "yaml" ? yaml() : json(),
          syntaxHighlighting(codeColours),
          codeLook,
          problemMarks(problems),
          keymap.of(foldKeymap),
        ],
      }),
    })
    if (line !== undefined && line >= 1 && line <= view.state.doc.lines) {
      const at = view.state.doc.line(line).from
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) })
    }
    return () => view.destroy()
  }
  return <Box show={show} />
}

/** React calls a ref anew when it is another function: this one is kept for as long as the component lives. */
function Box({ show }: { show: (box: HTMLDivElement | null) => (() => void) | undefined }) {
  const [first] = useState(() => show)
  return <div ref={first} className="overflow-hidden rounded-md border bg-surface" />
}
