/**
 * The nonce under which the policy lets a library put a style tag into this page: the editor's
 * (`EditorView.cspNonce.of(styleNonce)`), and what locks the page behind a dialog, which looks for this global name.
 */
const meta = globalThis.document?.querySelector<HTMLElement>('meta[property="csp-nonce"]')

export const styleNonce = meta?.nonce ?? ""

Object.assign(globalThis, { __webpack_nonce__: styleNonce })
