// The rules of the trial with their goals. Built once for an export: what somebody holds or types into stays in place.

import { el } from "./text.js";
import { N, plural } from "./words.js";

const MOST = 1000;
const LONGEST_SLIDER = 20;

export class Rulebook {
  constructor(found, change) {
    this.first = new Map(found.rules.map((r) => [r.key, r]));
    this.rows = new Map(found.rules.map((r) => [r.key, row(r, change)]));
    this.root = el("section", {}, el("h3", {}, "With the rules of this page"),
      el("ul", { class: "rulebook" }, ...[...this.rows.values()].map((r) => r.root)));
  }

  update(found) {
    for (const rule of found.rules) {
      const { words, people, inputs } = this.rows.get(rule.key);
      words.textContent = rule.text;
      people.textContent = counted(rule, this.first.get(rule.key));
      for (const input of inputs) if (input !== document.activeElement) input.value = String(rule.goal);
    }
  }
}

function row(r, change) {
  const words = el("p", { class: "soft" }, r.text);
  const people = el("span", { class: "soft" }, counted(r, r));
  const title = r.people === null ? `What counts as “${r.label}”` : `${r.sign} ${r.label}`;
  const inputs = r.goal === null ? [] : goal(r, change);
  const line = inputs.length ? el("p", { class: "goal" }, el("span", {}, "Goal"), ...inputs) : null;
  return { words, people, inputs, root: el("li", {}, el("p", { class: "between" }, el("strong", {}, title), people), words, line) };
}

function counted(rule, first) {
  if (rule.people === null) return "";
  const was = rule.people === first.people ? "" : ` (was ${N.format(first.people)})`;
  return `${plural(rule.people, "person", "people")}${was}`;
}

// A slider for the hand and a number for the keyboard; both say the same.
function goal(r, change) {
  const slider = el("input", { type: "range", min: "1", max: String(Math.max(LONGEST_SLIDER, r.goal)), value: String(r.goal), "aria-label": `Goal of ${r.label}, as a slider` });
  const number = el("input", { type: "number", min: "1", max: String(MOST), value: String(r.goal), "aria-label": `Goal of ${r.label}` });
  const moved = (from, to) => {
    const value = Number(from.value);
    if (!Number.isInteger(value) || value < 1 || value > MOST) return;
    to.value = from.value;
    change(r.key, value);
  };
  slider.addEventListener("input", () => moved(slider, number));
  number.addEventListener("input", () => moved(number, slider));
  return [slider, number];
}

export function marks(found, change) {
  const boxes = found.marks.map((m) => {
    const box = el("input", { type: "checkbox", value: m.name });
    box.checked = m.counts;
    return { box, label: el("label", { title: m.name.replaceAll("_", " ") }, box, el("span", { class: "emoji", "aria-hidden": "true" }, m.sign),
      el("span", { class: "visually-hidden" }, m.name.replaceAll("_", " ")), el("span", { class: "soft" }, N.format(m.given))) };
  });
  const chosen = () => boxes.filter((b) => b.box.checked).map((b) => b.box.value);
  for (const { box } of boxes) {
    box.addEventListener("change", () => { if (chosen().length) change(chosen()); else box.checked = true; }); // one is left at least
  }
  return el("fieldset", { class: "marks" }, el("legend", {}, "Which reactions say “this helped”?"), ...boxes.map((b) => b.label));
}
