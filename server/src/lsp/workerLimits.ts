/**
 * The engine's worker is replaced before it takes the machine's memory; with a higher limit V8 also collects later.
 * Its young generation is small because its garbage dies young: with V8's own choice the process grows past a gigabyte.
 */
export const workerLimits = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 24 };
