// The guided first minute: four steps in a strip of their own, which can be left at any time. The browser remembers it.

import { flat } from "./messages.js";
import { el } from "./text.js";

const DONE = "guide";
const SEEN = 1500; // milliseconds; the badge is back before somebody asks for the board

function says(message, word) {
  return JSON.stringify(message.parts).toLowerCase().includes(word);
}

export class Guide {
  constructor(root, stage) {
    Object.assign(this, { root, stage, step: 0, scene: null });
    document.addEventListener("evidence", () => { if (this.step === 2) this.go(3); });
    if (localStorage.getItem(DONE) !== "seen") this.root.hidden = false;
  }

  show(state) {
    if (!state.bot) this.root.hidden = true;
    this.state = state;
    if (this.root.hidden) return;
    if (!this.drawn) this.draw();
    const answer = this.scene && this.message(this.scene.message);
    const mine = answer?.reactions.some((r) => r.name === this.scene.emoji && r.mine);
    const told = this.scene && flat(state.slack.messages[this.scene.channel] ?? []).some((m) => m.author.bot && !m.private && m.at >= answer?.at);
    if (this.step === 1 && mine && told) this.go(2);
    if (this.step === 3 && answer && !mine) this.go(4);
    if (this.step === 4 && Object.values(state.slack.messages).flat().some((m) => m.private && m.at > answer?.at && says(m, "score"))) this.go(5);
  }

  message(id) {
    return flat(Object.values(this.state.slack.messages).flat()).find((m) => m.id === id);
  }

  async begin() {
    this.scene = await this.stage.ask("guide", { method: "POST" });
    if (!this.scene) return;
    this.stage.turn("slack");
    this.stage.become(this.scene.as);
    this.stage.panes.slack.choose(this.scene.channel);
    this.go(1);
  }

  async react(verb) {
    const { channel, message, emoji, as } = this.scene;
    await this.stage.post("act", { as, platform: "slack", verb, channel, message, emoji });
  }

  async board() {
    const { channel, as } = this.scene;
    this.stage.panes.slack.choose(channel);
    await this.react("react");
    await new Promise((go) => setTimeout(go, SEEN));
    if (await this.stage.post("act", { as, platform: "slack", verb: "say", channel, text: "/leaderboard" })) this.go(5);
  }

  go(step) {
    this.step = step;
    this.draw();
  }

  end() {
    localStorage.setItem(DONE, "seen");
    this.root.hidden = true;
  }

  draw() {
    this.drawn = true;
    const [words, label, act] = this.steps()[this.step];
    const number = this.step >= 1 && this.step <= 4 ? el("span", { class: "number" }, `${this.step} of 4`) : null;
    const press = label ? el("button", { type: "button", class: "strong", onclick: act }, label) : null;
    const leave = el("button", { type: "button", onclick: () => this.end() }, this.step === 5 ? "Close" : "Not now");
    this.root.replaceChildren(el("p", { "aria-live": "polite" }, number, words), el("span", { class: "acts" }, press, leave));
  }

  steps() {
    const who = this.scene?.answers;
    return [
      ["New here? One minute shows how somebody gets a badge, why, and how it goes again.", "Show me", () => this.begin()],
      [`Kofi asked, ${who} answered, and two people marked the answer with ✅. You are Mei: add the third ✅ to what ${who} wrote in Slack.`, "React for me", () => this.react("react")],
      [`${who} has a badge, and the thread says so. Why? Press the name of the badge in that message: what it rests on lights up.`, null, null],
      ["That is the evidence: three marks by three people. Now take your ✅ back: press it again.", "Take it back for me", () => this.react("unreact")],
      [`The mark is gone and the badge with it; only ${who} is told, with the reason. Last: mark it again, and write /leaderboard to see who helps.`, "Do both for me", () => this.board()],
      ["That is all of it. Next: play the story, try your Slack export, or press Chaos.", null, null],
    ];
  }
}
