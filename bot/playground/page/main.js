// The page: hears the state of both servers, shows it, and sends what the person does.

import { Board } from "./board.js";
import { Drawers } from "./drawers.js";
import { Evidence } from "./evidence.js";
import { Guide } from "./guide.js";
import { Pane } from "./pane.js";
import { el } from "./text.js";
import { Trial } from "./trial.js";
import { speak } from "./words.js";

const $ = (id) => document.getElementById(id);
const NOW = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const panes = { slack: new Pane($("slack"), "slack", act), discord: new Pane($("discord"), "discord", act) };
const evidence = new Evidence($("evidence"), panes, turn, ask);
const board = new Board($("board"), evidence, post, (found) => Object.values(panes).forEach((pane) => pane.know(found)));
const drawers = new Drawers();
const guide = new Guide($("guide"), { post, ask, become, turn, panes });
new Trial($("trial"), ask, say, () => drawers.open("trial"));
let person = localStorage.getItem("who") ?? "";
let stream = null;

function listen() {
  stream?.close();
  stream = new EventSource(`events?as=${encodeURIComponent(person)}`);
  stream.onmessage = (event) => show(JSON.parse(event.data));
  stream.onerror = () => { $("notice").textContent = "The demo is not running any more, or is starting again."; };
  stream.onopen = () => { $("notice").textContent = ""; };
}

function show(state) {
  person = state.as;
  const options = state.people.map((p) => el("option", { value: p.key }, p.moderator ? `${p.name} (moderator)` : p.name));
  if ($("who").options.length !== options.length) $("who").replaceChildren(...options);
  $("who").value = person;
  languages(state);
  $("now").textContent = NOW.format(new Date(state.now * 1000));
  $("story").disabled = Boolean(state.story);
  if (state.story !== show.story) $("notice").textContent = state.story ?? "";
  show.story = state.story;
  const moderator = state.people.some((p) => p.key === person && p.moderator);
  for (const [platform, pane] of Object.entries(panes)) pane.show(state[platform], moderator, state.language);
  drawers.allow("board", state.bot);
  if (state.bot) board.show(state);
  guide.show(state);
}

function languages(state) {
  speak(state.language);
  const options = state.languages.map((l) => el("option", { value: l.code, lang: l.code }, l.name));
  if ($("language").options.length !== options.length) $("language").replaceChildren(...options);
  $("language").value = state.language;
}

// On both platforms: the person's clients are in it, and Plaudit is asked to speak it.
async function read(language) {
  for (const platform of Object.keys(panes)) {
    if (!await act({ platform, verb: "speak", text: language })) return;
  }
  for (const pane of Object.values(panes)) pane.again();
}

function say(words) {
  $("notice").textContent = words;
}

function become(key) {
  person = key;
  localStorage.setItem("who", person);
  listen();
}

// To one platform, where the page is too narrow for both.
function turn(platform) {
  document.body.dataset.shown = platform;
  for (const tab of document.querySelectorAll("[data-tab]")) tab.setAttribute("aria-pressed", String(tab.dataset.tab === platform));
}

// The answer as data, or null; what went wrong is said.
async function ask(path, options = {}) {
  const answer = await fetch(path, options).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (answer?.ok) return said ?? {};
  say(said?.problem ?? "The demo did not answer. Is it still running?");
  return null;
}

async function post(path, body) {
  const found = await ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (found) say("");
  return Boolean(found);
}

function act(what) {
  return post("act", { as: person, ...what });
}

$("who").addEventListener("change", (event) => become(event.target.value));
$("language").addEventListener("change", (event) => read(event.target.value));
$("forward").addEventListener("click", () => post("forward", {}));
$("story").addEventListener("click", () => post("story", {}));
for (const tab of document.querySelectorAll("[data-tab]")) tab.addEventListener("click", () => turn(tab.dataset.tab));
listen();
