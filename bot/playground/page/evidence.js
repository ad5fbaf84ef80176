// What a badge rests on: lit up in the panes, with a caption. The badge is asked for by member, achievement and moment.

import { el } from "./text.js";

export class Evidence {
  constructor(root, panes, turn, ask) {
    Object.assign(this, { root, panes, turn, ask, badge: null });
  }

  async show(badge) {
    const query = new URLSearchParams({ member: badge.member, achievement: badge.id, at: String(badge.at) });
    const found = await this.ask(`evidence?${query}`);
    if (!found) return;
    this.badge = badge;
    this.light(found);
    document.dispatchEvent(new CustomEvent("evidence"));
  }

  light(found) {
    let seen = 0;
    for (const [platform, pane] of Object.entries(this.panes)) {
      const mine = found.facts.filter((f) => f.platform === platform && f.message);
      const lit = new Map();
      for (const fact of mine) lit.set(fact.message, new Set([...(lit.get(fact.message) ?? []), fact.emoji]));
      const here = new Set(pane.light(lit));
      seen += mine.filter((f) => here.has(f.message)).length;
      if (here.size) this.turn(platform);
    }
    const stop = el("button", { type: "button", onclick: () => this.clear() }, "Stop showing");
    const count = found.total ? `${seen} of ${found.total}: ${found.caption}` : "nothing was counted for it: it was given by hand";
    this.root.replaceChildren(el("p", {}, el("strong", {}, `${found.name}, ${found.who}`), ` · ${count}. `, el("span", { class: "rule" }, found.why)), stop);
    this.root.hidden = false;
  }

  // A badge that is gone has nothing behind it any more.
  check(people) {
    const is = (b, p) => p.member === this.badge.member && b.id === this.badge.id && b.at === this.badge.at;
    if (this.badge && !people.some((p) => p.badges.some((b) => is(b, p)))) this.clear();
  }

  clear() {
    this.badge = null;
    for (const pane of Object.values(this.panes)) pane.light(new Map());
    this.root.hidden = true;
  }
}
