// Who holds what, read from the bot's database, and the chaos button.

import { chip } from "./badges.js";
import { el } from "./text.js";

const SOON = 300; // milliseconds; a burst of changes is one look

export class Board {
  constructor(root, evidence, post, tell) {
    Object.assign(this, { root, evidence, post, tell, timer: null, chaos: null });
    this.people = el("ul", { class: "holders" });
    this.sum = el("p", { class: "soft" });
    this.button = el("button", { type: "button", class: "strong", onclick: () => this.shake() }, "Chaos");
    this.steps = el("ol", { class: "steps" });
    this.verdict = el("p", { class: "verdict" });
    this.root.replaceChildren(
      el("div", { class: "half" }, el("h2", {}, "Who holds what"), this.sum, this.people),
      el("div", { class: "half" }, el("h2", {}, "Chaos"),
        el("p", { class: "soft" }, "Delivers everything that happened in both platforms again, shuffled and partly twice, kills the bot in the middle, and starts it again. The badges must stay as they are."),
        this.button, el("div", { "aria-live": "polite" }, this.steps, this.verdict)));
  }

  async shake() {
    if (await this.post("chaos", {})) this.button.disabled = true;
  }

  show(state) {
    this.drawChaos(state.chaos);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), SOON);
  }

  async refresh() {
    const answer = await fetch("board").catch(() => null);
    if (!answer?.ok) return; // the next change asks again
    this.draw(await answer.json());
  }

  draw(found) {
    const said = JSON.stringify(found);
    if (said === this.said) return;
    this.said = said;
    this.evidence.check(found.people);
    this.sum.textContent = `${found.awards} ${found.awards === 1 ? "badge" : "badges"} · checksum ${found.checksum}`;
    const show = (badge) => this.evidence.show(badge);
    const focus = this.root.contains(document.activeElement) && document.activeElement.dataset.focus;
    this.people.replaceChildren(...found.people.map((p) => el("li", {},
      el("span", { class: "name" }, p.name), el("span", { class: "soft" }, `${p.platform === "slack" ? "Slack" : "Discord"}${p.score ? ` · score ${p.score}` : ""}`),
      el("span", { class: "chips" }, ...p.badges.map((b) => chip({ ...b, member: p.member }, `${b.sign} ${b.name}${b.pending ? " (settling)" : ""}`, show))))));
    if (!found.people.length) this.people.replaceChildren(el("li", { class: "soft" }, "Nobody holds anything yet. Write something, or play the story."));
    if (focus) this.root.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
    this.tell((platform, name, who, isMine) => find(found.people, platform, name, who, isMine, show));
  }

  drawChaos(chaos) {
    const said = JSON.stringify(chaos);
    if (said === this.chaos) return;
    this.chaos = said;
    this.button.disabled = Boolean(chaos?.running);
    this.steps.replaceChildren(...(chaos?.steps ?? []).map((step) => el("li", {}, step)));
    this.verdict.className = `verdict ${chaos?.same ? "good" : ""}`;
    this.verdict.textContent = chaos ? verdict(chaos) : "";
  }
}

function verdict(chaos) {
  if (chaos.running) return "Under way …";
  if (chaos.problem) return `It did not come to an end: ${chaos.problem}`;
  const numbers = `Delivered again: ${chaos.delivered}. Counted again: ${chaos.counted_again}. Said again: ${chaos.said_again}.`;
  const verify = chaos.verify.length ? `Verify found ${chaos.verify.length} differences: ${chaos.verify[0]}` : "Verify: the log, decided again, gives what is stored.";
  const sums = `Before ${chaos.before.checksum}, after ${chaos.after.checksum}`;
  return `${chaos.same ? "✓ The same." : "✗ Not the same."} ${sums}. ${numbers} ${verify}`;
}

// The badge that a message speaks of. `who` is the name in the message, or the reader's id where only they see it.
function find(people, platform, name, who, isMine, show) {
  const plain = name.replace(/[\u2066-\u2069]/g, "").replace(/^[^\p{L}\p{N}]+/u, "").replace(/\.$/, "");
  const is = (p) => (isMine ? p.member.endsWith(`/${who}`) : p.name === who.replace(/[\u2066-\u2069]/g, ""));
  const holder = people.find((p) => p.platform === platform && is(p)) ?? people.find(is);
  const badge = holder?.badges.findLast((b) => b.name === plain);
  return badge ? { ...badge, member: holder.member, show } : null;
}
