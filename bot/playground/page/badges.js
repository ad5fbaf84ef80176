// Names of badges in what the bot says become buttons that light up what is behind them. Not in what it answers to, nor
// in what others answered: who they speak of is another matter.

import { el } from "./text.js";

export function named(root, message, desk) {
  const own = (what) => [...root.querySelectorAll(what)].filter((it) => !root.contains(it.parentElement.closest(".thread, .answered")));
  const person = own(".mention")[0]?.textContent.replace(/^@/, "") ?? "";
  for (const words of own(".words strong, .title")) {
    const badge = desk.badge(words.textContent.trim(), person, Boolean(message.private));
    if (badge) words.replaceChildren(chip(badge, words.textContent.trim(), badge.show));
  }
  return root;
}

export function chip(badge, words, show) {
  return el("button", {
    type: "button", class: "badge", title: "Show the messages behind it", "aria-label": `${words}: show the messages behind it`,
    "data-focus": `badge ${badge.member} ${badge.id} ${badge.at}`, onclick: () => show(badge),
  }, words);
}
