/** @param bytesMax the size at which the file becomes `<file>.1` and a new one begins; default 256 KiB */
export function openRequestLog(file: string, bytesMax?: number): { write(entry: unknown): void }
