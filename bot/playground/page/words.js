// Numbers and days in the reader's own way.

// The language that the person chose; English is written as the browser writes it. Arabic with the digits 0 to 9.
let chosen;
const formats = new Map();

export function speak(language) {
  const wanted = language === "en" ? undefined : `${language}-u-nu-latn`;
  if (wanted === chosen) return false;
  chosen = wanted;
  formats.clear();
  return true;
}

export function written(date, how) {
  const key = JSON.stringify(how);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(chosen, how));
  return formats.get(key).format(date);
}

export const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
export const N = new Intl.NumberFormat();

export function plural(n, one, many) {
  return `${N.format(n)} ${n === 1 ? one : many}`;
}
