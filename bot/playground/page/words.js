// Numbers and days in the reader's own way.

export const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
export const N = new Intl.NumberFormat();

export function plural(n, one, many) {
  return `${N.format(n)} ${n === 1 ? one : many}`;
}
