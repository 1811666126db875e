/** Tell whether a selector is of a family that is taken out. */
export function isGone(selector: string): boolean;
