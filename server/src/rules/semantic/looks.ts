/**
 * How far a look went. What was found by looking at nothing but a function and the stamp of its scope holds as long
 * as the function is the same, whatever is edited around it.
 */

/** How often something was asked for that these two do not settle: the function's class, or what stands around it. */
let outside = 0;

/** Works something out. @returns the value, and whether it is settled by the function that was looked at and its stamp */
export function withinFunction<T>(work: () => T): { readonly value: T; readonly isWithin: boolean } {
  const before = outside;
  const value = work();
  return { value, isWithin: outside === before };
}

/** Notes that what is used now is found, or was, by looking outside the function. */
export function lookOutside(): void {
  outside++;
}

/** Works out what the stamp settles, whatever is looked at for it. */
export function settledByStamp<T>(work: () => T): T {
  const before = outside;
  const value = work();
  outside = before;
  return value;
}
