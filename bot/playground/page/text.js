// Formatted text: nodes from the server become elements. Everything people typed arrives as text and stays text.

import { written } from "./words.js";

const TAGS = { b: "strong", i: "em", s: "s", quote: "blockquote", small: "small", heading: "strong", span: "span" };

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function moment(node) {
  const date = new Date(node.at * 1000);
  const how = node.style === "date" ? { dateStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" };
  return el("time", { datetime: date.toISOString(), dir: "auto" }, written(date, how));
}

function build(node) {
  switch (node.t) {
    case "text": return document.createTextNode(node.v);
    case "code": return el("code", {}, node.v);
    case "pre": return el("pre", {}, node.v);
    case "person": return el("span", { class: node.me ? "mention me" : "mention", dir: "auto" }, node.v);
    case "channel": return el("span", { class: "mention", dir: "auto" }, node.v);
    case "emoji": return el("span", { class: "emoji", role: "img", "aria-label": node.name.replaceAll("_", " ") }, node.v);
    case "time": return moment(node);
    case "link": return el("a", { href: node.href, rel: "noreferrer noopener", target: "_blank" }, ...inline(node.c));
    default: return el(TAGS[node.t] ?? "span", {}, ...inline(node.c));
  }
}

export function inline(nodes) {
  return nodes.map(build);
}

export function lines(all, className) {
  return el("div", { class: className }, ...all.map((line) => el("p", { dir: "auto" }, ...(line.length ? inline(line) : ["\u00a0"]))));
}

export function part(it, press) {
  switch (it.k) {
    case "divider": return el("hr");
    case "buttons": return el("div", { class: "buttons" }, ...it.buttons.map((b) => button(b, press)));
    case "embed": return embed(it);
    case "picture": return el("img", { class: "picture", src: it.src, alt: it.alt, width: it.width, height: it.height });
    case "heading": return lines(it.lines, "words heading");
    case "small": return lines(it.lines, "words small");
    default: return lines(it.lines, "words");
  }
}

function embed(it) {
  const title = it.title.length ? el("p", { class: "title", dir: "auto" }, ...inline(it.title)) : null;
  const box = el("div", { class: "embed" }, title, lines(it.lines, "words"));
  if (it.colour) box.style.setProperty("--edge", it.colour);
  return box;
}

function button(it, press) {
  return el("button", { type: "button", class: `press ${it.style}`, dir: "auto", onclick: () => press(it) }, it.label);
}
