import cliPackage from "../package.json" with { type: "json" }

/** Of the command line, and of the server it starts. */
export const version: string = cliPackage.version
