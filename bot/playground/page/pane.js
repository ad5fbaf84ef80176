// One platform: its channels and people at the side, the conversation, and the line to write in.

import { named } from "./badges.js";
import { avatar, flat, list } from "./messages.js";
import { el, part } from "./text.js";

const HOME = "home";

export class Pane {
  constructor(root, platform, act) {
    Object.assign(this, { root, platform, act, chosen: null, answering: null, editing: null, seen: {}, view: null });
    Object.assign(this, { lit: new Map(), badges: () => null });
    this.build();
  }

  build() {
    const title = this.platform === "slack" ? "Slack" : "Discord";
    this.side = el("div", { class: "side" });
    this.title = el("h2", {});
    this.log = el("div", { class: "log", tabindex: "0", role: "log", "aria-label": `Messages on ${title}` });
    this.modal = el("dialog", { class: "modal" });
    this.modal.addEventListener("cancel", (event) => { event.preventDefault(); this.send("close"); });
    this.context = el("p", { class: "context" });
    this.input = el("textarea", { rows: "1", "aria-label": `Write on ${title}`, enterkeyhint: "send" });
    this.input.addEventListener("keydown", (event) => this.typed(event));
    this.input.addEventListener("input", () => this.suggest());
    this.offers = el("ul", { class: "offers", "aria-label": "Commands" });
    const form = el("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      this.offers, this.context, el("div", { class: "line" }, this.input, el("button", { class: "send" }, "Send")));
    this.root.replaceChildren(this.side, el("div", { class: "talk" }, this.title, this.log, form), this.modal);
  }

  send(verb, more = {}) {
    return this.act({ platform: this.platform, verb, channel: this.chosen ?? "", ...more });
  }

  show(view, moderator, language) {
    this.root.lang = language;
    if (this.view && this.view.me !== view.me) this.reset();
    Object.assign(this, { view, moderator });
    const there = view.channels.some((c) => c.id === this.chosen);
    if (!there && this.chosen !== HOME) this.chosen = view.channels[0]?.id ?? null;
    this.draw();
    if (this.unopened) this.again();
  }

  reset() {
    Object.assign(this, { answering: null, editing: null, seen: {} });
    this.input.value = "";
    this.unopened = this.chosen === HOME;
  }

  // What a badge rests on, by message: the reactions that counted. Returns which of them can be seen here.
  light(lit) {
    this.lit = lit;
    const where = (this.view?.channels ?? []).find((c) => flat(this.view.messages[c.id] ?? []).some((m) => lit.has(m.id)));
    if (where) Object.assign(this, { chosen: where.id });
    if (this.view) this.draw();
    const first = this.log.querySelector(".lit");
    first?.scrollIntoView({ block: "center" });
    return [...lit.keys()].filter((id) => this.view && Object.values(this.view.messages).some((list) => flat(list).some((m) => m.id === id)));
  }

  // Who holds what: badge names in messages become buttons.
  know(badges) {
    this.badges = badges;
    if (this.view) this.draw();
  }

  choose(channel) {
    Object.assign(this, { chosen: channel, answering: null, editing: null });
    if (channel === HOME) this.act({ platform: this.platform, verb: "home" });
    this.draw(true);
  }

  // What the bot drew before, drawn anew.
  again() {
    this.unopened = false;
    if (this.chosen === HOME) this.choose(HOME);
  }

  draw(jump = false) {
    const focus = document.activeElement?.closest?.(".pane") === this.root && document.activeElement.dataset.focus;
    const low = jump || this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
    this.drawSide();
    const name = this.view.channels.find((c) => c.id === this.chosen)?.name;
    this.title.replaceChildren(this.chosen === HOME ? "Home" : `#${name ?? ""}`);
    this.log.replaceChildren(...this.content());
    this.root.classList.toggle("at-home", this.chosen === HOME);
    if (low && this.chosen !== HOME) this.log.scrollTop = this.log.scrollHeight;
    if (jump && this.chosen === HOME) this.log.scrollTop = 0;
    if (focus) this.root.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
    this.drawContext();
    this.drawModal();
  }

  content() {
    if (this.chosen !== HOME) return list(this.view.messages[this.chosen] ?? [], this.desk());
    const press = (b) => this.act({ platform: this.platform, verb: "press", button: b.id, value: b.value });
    const parts = this.view.home?.parts.map((it) => part(it, press));
    return parts ? [named(el("div", { class: "home" }, ...parts), { private: true }, this.desk())] : [el("p", { class: "empty" }, "Opening your Home tab…")];
  }

  drawSide() {
    const home = this.platform === "slack" ? [this.place(HOME, "Plaudit Home", "⌂", 0)] : [];
    const count = (id) => (this.view.messages[id] ?? []).reduce((sum, m) => sum + 1 + m.replies.length, 0);
    if (this.chosen && this.chosen !== HOME) this.seen[this.chosen] = count(this.chosen);
    const channels = this.view.channels.map((c) => {
      this.seen[c.id] ??= count(c.id);
      return this.place(c.id, c.name, c.private ? "🔒" : "#", count(c.id) - this.seen[c.id]);
    });
    this.side.replaceChildren(
      el("p", { class: "space" }, this.platform === "slack" ? "Slack" : "Discord", el("small", {}, this.view.name)),
      el("ul", { class: "channels", "aria-label": "Channels" }, ...home, ...channels),
      el("h3", {}, "People"),
      el("ul", { class: "people" }, ...this.view.people.map((p) => this.person(p))));
  }

  place(id, name, sign, fresh) {
    const here = id === this.chosen;
    const dot = fresh > 0 ? el("span", { class: "fresh", role: "img", "aria-label": `${fresh} new` }) : null;
    return el("li", {}, el("button", {
      type: "button", "data-focus": `place ${id}`, "aria-current": here ? "page" : null, onclick: () => this.choose(id),
    }, el("span", { class: "sign", "aria-hidden": "true" }, sign), el("span", { class: "label" }, name), dot));
  }

  person(it) {
    const roles = it.roles.map((role) => el("span", { class: "role" }, role));
    return el("li", { class: it.id === this.view.me ? "me" : "" }, avatar(it.name, false),
      el("span", { class: "label" }, it.name, ...roles));
  }

  desk() {
    const about = (message) => ({ channel: message.channel, message: message.id });
    return {
      me: this.view.me,
      lit: this.lit,
      badge: (name, person, isPrivate) => this.badges(this.platform, name, isPrivate ? this.view.me : person, isPrivate),
      moderator: this.moderator,
      react: (m, emoji, mine) => this.send(mine ? "unreact" : "react", { ...about(m), emoji }),
      cheer: (m) => this.send("cheer", about(m)),
      press: (m, b) => this.send("press", { ...about(m), button: b.id, value: b.value }),
      remove: (m) => this.send("delete", about(m)),
      reply: (m) => this.compose({ answering: m, editing: null }, ""),
      edit: (m) => this.compose({ answering: null, editing: m }, plain(m)),
    };
  }

  compose(change, text) {
    Object.assign(this, change);
    this.input.value = text;
    this.drawContext();
    this.input.focus();
  }

  drawContext() {
    const target = this.answering ?? this.editing;
    const words = this.answering ? `Replying to ${target.author.name}` : "Editing your message";
    const stop = el("button", { type: "button", onclick: () => this.compose({ answering: null, editing: null }, "") }, "Cancel");
    this.context.replaceChildren(...(target ? [words, stop] : []));
    this.input.placeholder = target ? "" : "Write, or type / for commands";
  }

  drawModal() {
    const view = this.view.modal;
    if (!view) { if (this.modal.open) this.modal.close(); this.drawn = null; return; }
    if (view.fields.length && this.drawn === view.key) return; // somebody is filling it in
    this.drawn = view.key;
    const press = (b) => this.act({ platform: this.platform, verb: "press", button: b.id, value: b.value });
    const close = el("button", { type: "button", class: "press", dir: "auto", onclick: () => this.send("close") }, view.close);
    this.modal.replaceChildren(el("h2", { dir: "auto" }, view.title), ...view.parts.map((it) => part(it, press)),
      ...(view.fields.length ? [this.formOf(view)] : []), close);
    if (!this.modal.open) this.modal.showModal();
  }

  formOf(view) {
    const form = el("form", { class: "form", onsubmit: (event) => {
      event.preventDefault();
      this.send("submit", { fields: Object.fromEntries(new FormData(form)) });
    } }, ...view.fields.map((f) => el("label", {}, el("span", { dir: "auto" }, f.label), control(f))),
    el("button", { class: "press primary", dir: "auto" }, view.submit));
    return form;
  }

  typed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
    if (event.key === "Escape") this.compose({ answering: null, editing: null }, "");
  }

  suggest() {
    const typed = this.input.value;
    const fitting = typed.startsWith("/") && !typed.includes("\n")
      ? this.view.commands.filter((c) => c.line.startsWith(typed) || typed.startsWith(c.line)) : [];
    this.offers.replaceChildren(...fitting.slice(0, 8).map((c) => el("li", {}, el("button", {
      type: "button", onclick: () => { this.input.value = `${c.line} `; this.input.focus(); this.suggest(); },
    }, el("strong", {}, c.line), " ", c.hint))));
  }

  async submit() {
    const text = this.input.value.trim();
    if (!text) return;
    const target = this.editing ?? this.answering;
    const verb = this.editing ? "edit" : this.answering ? "reply" : "say";
    const about = target ? { channel: target.channel, message: threadOf(this.platform, target, verb) } : {};
    if (await this.send(verb, { ...about, text })) {
      this.compose({ answering: null, editing: null }, "");
      this.suggest();
    }
  }
}

function control(f) {
  const common = { name: f.name, dir: "auto", ...(f.required ? { required: "" } : {}), ...(f.most ? { maxlength: String(f.most) } : {}) };
  if (f.kind === "choice") return el("select", common, ...f.options.map((o) => el("option", { value: o.value, ...(o.value === f.value ? { selected: "" } : {}) }, o.label)));
  if (f.kind === "text") return el("textarea", { ...common, rows: "3", placeholder: f.hint });
  return el("input", { ...common, type: f.kind === "day" ? "date" : "text", value: f.value, placeholder: f.hint });
}

function threadOf(platform, message, verb) {
  return platform === "slack" && verb === "reply" ? message.thread ?? message.id : message.id;
}

function plain(message) {
  const words = (nodes) => nodes.map((n) => n.v ?? words(n.c)).join("");
  return message.parts.filter((p) => p.lines).map((p) => p.lines.map(words).join("\n")).join("\n");
}
