/** Facts about the selected Python environment that decide what code means. */

/** The newest PyTorch this version of ours knows: followed when nothing selects another. */
export const latestTorch: readonly [number, number] = [2, 13];
