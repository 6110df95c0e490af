/** How the process of the language server is started, wherever its starter can choose. */

/**
 * V8's flags of it. The main thread passes messages on and keeps little: with V8's own choice its young generation grows
 * to 14 MB. V8 takes the flag for every thread, so the server lifts it once its own is made (`server/src/lsp/program.ts`).
 */
export const serverFlags: readonly string[] = ['--max-semi-space-size=1'];

/** What the server sets then: each worker has the limits that it is started with. */
export const workerFlags = '--max-semi-space-size=0';
