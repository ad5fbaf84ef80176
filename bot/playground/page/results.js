// What an export's last year gives under the rules of the page. All words in it arrive as text and stay text.

import { el } from "./text.js";
import { DAY, N, plural } from "./words.js";

const MOST = 1000;

export function numbers(found, first) {
  const n = found.numbers;
  const change = (now, then) => (now === then ? "" : ` (${now > then ? "+" : "−"}${N.format(Math.abs(now - then))})`);
  return [
    el("p", { class: "big" }, `${plural(n.badges, "badge", "badges")}${change(n.badges, first.numbers.badges)} for ${plural(n.holders, "person", "people")}${change(n.holders, first.numbers.holders)}`),
    el("p", {}, `In the year to ${DAY.format(new Date(found.year.until))}: ${plural(n.people, "person", "people")} wrote. ${plural(n.messages, "message", "messages")} and ${plural(n.reactions, "reaction", "reactions")} read, none stored. Decided in ${found.seconds || "less than 0.01"} s.`),
    ...found.notes.map((note) => el("p", { class: "soft" }, note)),
  ];
}

// The words that stay while numbers change; the list stands below them.
export function quietHead(least, change) {
  const number = el("input", { type: "number", min: "1", max: String(MOST), value: String(least), "aria-label": "Least number of people turned to" });
  number.addEventListener("input", () => { const n = Number(number.value); if (Number.isInteger(n) && n >= 1 && n <= MOST) change(n); });
  return [el("h3", {}, "Nobody noticed"),
    el("p", { class: "soft" }, "Turned to at least ", number, " different people (answered in their threads, or named them), got back fewer reactions than people they turned to, and holds no badge that others' marks give. For your eyes: a reason to say thank you.")];
}

export function quiet(found) {
  const more = found.quiet_in_all - found.quiet.length;
  return [el("ul", {}, ...found.quiet.map(unnoticed)),
    ...(found.quiet.length ? [] : [el("p", {}, "Nobody, under these numbers.")]),
    ...(more > 0 ? [el("p", { class: "soft" }, `and ${N.format(more)} more`)] : [])];
}

function unnoticed(p) {
  const holds = p.holds.length ? `holds ${p.holds.join(", ")}` : "holds nothing";
  const did = `turned to ${plural(p.turned_to, "person", "people")} · ${plural(p.messages, "message", "messages")} in ${plural(p.weeks, "week", "weeks")}`;
  return el("li", {}, el("strong", {}, p.name), el("span", { class: "soft" }, `${did} · ${plural(p.marks, "reaction", "reactions")} · ${holds}`));
}

export function holders(found, explain) {
  const rest = found.numbers.holders - found.people.length;
  return [el("h3", {}, "Would have been recognised"),
    el("ul", {}, ...found.people.map((p) => person(p, explain))),
    ...(found.people.length ? [] : [el("p", {}, "Nobody, under these rules.")]),
    ...(rest > 0 ? [el("p", { class: "soft" }, `and ${N.format(rest)} more`)] : [])];
}

function person(p, explain) {
  const row = el("li", {}, el("strong", {}, p.name), el("span", { class: "chips" }, ...p.badges.map((b) => el("button", {
    type: "button", class: "badge", title: "Show the messages behind it", onclick: () => explain({ ...b, member: p.member }, row),
  }, `${b.sign} ${b.name}`, el("span", { class: "soft" }, DAY.format(new Date(b.at / 1000)))))));
  return row;
}

// The rows behind a badge; `close` takes them away again.
export function behind(found, close) {
  const more = found.total - found.facts.length;
  return el("div", { class: "behind lit", role: "status", tabindex: "-1" },
    el("p", {}, el("strong", {}, `${found.name}, ${found.who}`), ` · ${found.total} of ${found.total}: ${found.caption}. `, el("span", { class: "soft" }, found.why)),
    el("ul", {}, ...found.facts.map((f) => el("li", {}, f.words))),
    more > 0 ? el("p", { class: "soft" }, `and ${more} earlier ones`) : null,
    el("button", { type: "button", onclick: close }, "Close"));
}
