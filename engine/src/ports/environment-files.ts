/** The folder of an environment: `environments/<env>/{agents, workflows}` (W19). Reading only. */
export interface WorkflowFile {
  /** Relative to the environment's folder, with `/`. */
  readonly file: string
  readonly format: "yaml" | "json"
  readonly text: string
}

export interface EnvironmentListing {
  readonly directory: string
  readonly agentsDirectory: string
  /** False: the folder is not there. Never taken for an empty one (rule 35). */
  readonly found: boolean
  readonly workflows: readonly WorkflowFile[]
  /** Files that are there and cannot be read. */
  readonly unreadable: readonly { readonly file: string; readonly message: string }[]
}

export interface EnvironmentFiles {
  environments(): Promise<readonly string[]>
  list(environment: string): Promise<EnvironmentListing>
}
