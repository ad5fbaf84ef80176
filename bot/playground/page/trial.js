// The export drop: a file goes to the little server on this computer, and comes back as who would have been recognised.

import { el } from "./text.js";
import { behind, holders, numbers, quiet, quietHead } from "./results.js";
import { Rulebook, marks } from "./rulebook.js";

const ZIP = "application/zip";
const PAUSE = 250; // milliseconds after the last change of a number

export class Trial {
  constructor(root, ask, say, open) {
    Object.assign(this, { root, ask, say, open, wish: {}, first: null, timer: null, asked: 0 });
    this.file = el("input", { type: "file", id: "export-file", accept: ".zip,application/zip", class: "visually-hidden",
      onchange: () => this.file.files[0] && this.drop(this.file.files[0]) });
    this.status = el("p", { role: "status", "aria-live": "polite", class: "status" });
    this.shown = el("div", { class: "results" });
    this.zone = el("label", { class: "drop", for: "export-file" }, this.file,
      el("strong", {}, "Drop a Slack export here, or choose the file"),
      el("span", { class: "soft" }, "The zip file as Slack made it. It stays on this computer: texts become numbers while it is read, nothing is stored, nobody is told."));
    this.root.replaceChildren(el("h2", {}, "Who would have been recognised last year?"), this.zone, this.status, this.shown);
    this.listen();
  }

  // A file may fall anywhere on the page: nobody wants the browser to open it instead.
  listen() {
    const over = (on) => (event) => { event.preventDefault(); this.zone.classList.toggle("over", on); };
    for (const name of ["dragenter", "dragover"]) document.addEventListener(name, over(true));
    document.addEventListener("dragleave", over(false));
    document.addEventListener("drop", (event) => {
      over(false)(event);
      const file = event.dataTransfer?.files[0];
      if (file) { this.open(); this.drop(file); }
    });
  }

  async drop(file) {
    this.status.textContent = `Reading ${file.name} …`;
    this.clear();
    const found = await this.ask("export", { method: "POST", headers: { "content-type": ZIP }, body: file });
    this.file.value = "";
    this.status.textContent = "";
    if (!found) { this.status.textContent = document.getElementById("notice").textContent; return; }
    this.say("");
    this.build(found);
    this.root.scrollTop = 0;
  }

  // Once for an export: what is held or typed into stays, and only what it says is drawn anew.
  build(found) {
    this.first = found;
    this.rules = new Rulebook(found, (key, goal) => this.change({ goals: { ...this.wish.goals, [key]: goal } }));
    this.slots = {
      numbers: el("div", { class: "numbers", role: "status", "aria-live": "polite" }),
      holders: el("section", { class: "recognised" }),
      quiet: el("div", {}),
    };
    const forget = el("button", { type: "button", onclick: () => this.forget() }, "Forget this export");
    this.shown.replaceChildren(this.slots.numbers, el("div", { class: "columns" },
      el("div", { class: "rules" }, this.rules.root, marks(found, (names) => this.change({ marks: names })), forget),
      this.slots.holders,
      el("section", { class: "quiet" }, ...quietHead(found.least, (least) => this.change({ least })), this.slots.quiet)));
    this.draw(found);
  }

  // A number or a mark was changed: the same year under other rules.
  change(wish) {
    this.wish = { ...this.wish, ...wish };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.again(), PAUSE);
  }

  async again() {
    const turn = ++this.asked;
    const found = await this.ask("export/trial", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(this.wish) });
    if (found && turn === this.asked) this.draw(found);
  }

  draw(found) {
    this.rules.update(found);
    this.slots.numbers.replaceChildren(...numbers(found, this.first));
    this.slots.holders.replaceChildren(...holders(found, (badge, row) => this.explain(badge, row)));
    this.slots.quiet.replaceChildren(...quiet(found));
  }

  clear() {
    clearTimeout(this.timer);
    Object.assign(this, { first: null, wish: {}, asked: this.asked + 1 });
    this.shown.replaceChildren();
  }

  async forget() {
    await fetch("export", { method: "DELETE" }).catch(() => null);
    this.clear();
    this.status.textContent = "Forgotten. Nothing of it is left.";
    this.file.focus();
  }

  // The rows behind a badge, under the person who holds it.
  async explain(badge, row) {
    const query = new URLSearchParams({ member: badge.member, achievement: badge.id, at: String(badge.at) });
    const found = await this.ask(`export/evidence?${query}`);
    if (!found) return;
    for (const other of this.shown.querySelectorAll(".behind")) other.remove();
    const button = document.activeElement;
    const rows = behind(found, () => { rows.remove(); button?.focus(); });
    row.append(rows);
    rows.scrollIntoView({ block: "nearest" });
    rows.focus({ preventScroll: true });
  }
}
