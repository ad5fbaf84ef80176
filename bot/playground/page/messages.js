// The messages of one channel: threads, reactions, what only you see, and what you can do with each.

import { named } from "./badges.js";
import { el, inline, part } from "./text.js";
import { written } from "./words.js";

const QUICK = [["white_check_mark", "✅", "helpful"], ["bulb", "💡", "a good idea"], ["tada", "🎉", "celebrate"]];
const CLOCK = { hour: "2-digit", minute: "2-digit" };
const DAY = { weekday: "long", day: "numeric", month: "long" };
const HUES = [14, 42, 96, 158, 196, 226, 268, 322];

export function avatar(name, bot) {
  const hue = HUES[[...name].reduce((sum, c) => sum + c.codePointAt(0), 0) % HUES.length];
  const face = el("span", { class: bot ? "avatar bot" : "avatar", "aria-hidden": "true" }, bot ? "✓" : name.slice(0, 1));
  if (!bot) face.style.setProperty("--hue", hue);
  return face;
}

// A list of messages with all that stands in their threads.
export function flat(messages) {
  return messages.flatMap((m) => [m, ...flat(m.replies)]);
}

export function list(messages, desk) {
  const rows = [];
  let day = "";
  for (const message of messages) {
    const today = written(new Date(message.at * 1000), DAY);
    if (today !== day) rows.push(el("h3", { class: "day", dir: "auto" }, today));
    day = today;
    rows.push(row(message, desk));
  }
  return rows.length ? rows : [el("p", { class: "empty" }, "Nothing here yet. Write the first message.")];
}

function row(message, desk) {
  const own = message.author.id === desk.me;
  const replies = message.replies.length
    ? el("div", { class: "thread", role: "group", "aria-label": "Replies" }, ...message.replies.map((r) => row(r, desk)))
    : null;
  const label = `${message.author.name}${message.private ? ", only you see this" : ""}`;
  const lit = desk.lit.get(message.id);
  const kind = ["message", lit && "lit", message.private && "private", message.gone && "gone", message.author.bot && "from-bot"];
  const made = el("article", { class: kind.filter(Boolean).join(" "), "aria-label": label, tabindex: "0", "data-focus": message.id },
    message.quote ? quote(message.quote) : null,
    el("div", { class: "row" },
      avatar(message.author.name, message.author.bot),
      el("div", { class: "body" },
        head(message, lit),
        message.private ? el("p", { class: "only-you" }, "Only you see this") : null,
        ...message.parts.map((it) => part(it, (b) => desk.press(message, b))),
        reactions(message, desk, lit),
        message.gone || message.private || message.author.bot ? null : tools(message, own, desk),
        replies)));
  return message.author.bot ? named(made, message, desk) : made;
}

function quote(it) {
  return el("div", { class: "answered" }, el("span", { class: "hook", "aria-hidden": "true" }),
    el("span", { dir: "auto" }, el("strong", { dir: "auto" }, it.name), " ", ...inline(it.line)));
}

function head(message, lit) {
  const at = new Date(message.at * 1000);
  return el("header", {}, el("strong", { class: "name" }, message.author.name),
    message.author.bot ? el("span", { class: "app" }, "app") : null,
    el("time", { datetime: at.toISOString(), dir: "auto" }, written(at, CLOCK)),
    message.edited ? el("span", { class: "edited" }, "edited") : null,
    lit ? el("span", { class: "counted" }, "counted") : null);
}

function reactions(message, desk, lit) {
  if (!message.reactions.length) return null;
  return el("div", { class: "reactions" }, ...message.reactions.map((r) => el("button", {
    type: "button", class: `reaction${r.mine ? " mine" : ""}${lit?.has(r.name) ? " lit-mark" : ""}`, "aria-pressed": String(r.mine),
    title: r.by.join(", "), "aria-label": `${r.name.replaceAll("_", " ")}: ${r.by.join(", ")}`,
    "data-focus": `${message.id}/${r.name}`, onclick: () => desk.react(message, r.name, r.mine),
  }, el("span", { class: "emoji", "aria-hidden": "true" }, r.sign), String(r.count))));
}

function tools(message, own, desk) {
  const may = own || desk.moderator;
  const tool = (label, text, act) =>
    el("button", { type: "button", "aria-label": label, title: label, onclick: act, "data-focus": `${message.id}:${label}` }, text);
  const mine = (name) => message.reactions.some((r) => r.name === name && r.mine);
  return el("div", { class: "tools", role: "toolbar", "aria-label": "Message" },
    ...QUICK.map(([name, sign, words]) => tool(`React: ${words}`, sign, () => desk.react(message, name, mine(name)))),
    tool("Three others mark it helpful", "✅×3", () => desk.cheer(message)),
    tool("Reply", "Reply", () => desk.reply(message)),
    own ? tool("Edit", "Edit", () => desk.edit(message)) : null,
    may ? tool("Delete", "Delete", () => desk.remove(message)) : null);
}
