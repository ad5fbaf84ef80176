// Names of badges in what the bot says become buttons that light up what is behind them.

import { el } from "./text.js";

export function named(root, message, desk) {
  const person = root.querySelector(".mention")?.textContent.replace(/^@/, "") ?? "";
  for (const words of root.querySelectorAll(".words strong, .title")) {
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
