export type JsonEditorProps = {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}
