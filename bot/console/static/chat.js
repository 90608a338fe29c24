// The demo chat page: one phone, held by any person, writing to any business over any channel.
// All that the server or a person wrote reaches the page as text nodes, so no message can become markup.
const $ = (id) => document.getElementById(id);
const [log, phone, text, typing, people] = [$("log"), $("phone"), $("text"), $("typing"), $("people")];
const PACE = { visible: 1200, hidden: 15000, offline: 4000 }; // milliseconds between two looks at the server
const UNFINISHED = /\s*(…|\.\.\.)$/; // a suggestion that ends so is put in the box, to be completed
const roomy = matchMedia("(min-width: 1180px) and (min-height: 541px)");

let stage = null, now = {}; // what the server offers; what the page shows: business, person, channel, line
let view = openView(); // the thread on the screen; replaced whole, so that a late answer can tell it is late
let call = null, announced = null; // the call, also when just ended; phone -> newest message that made a notice
let offline = false, lookTimer = 0, toastTimer = 0, keyTimer = 0;

// Small tools
const el = (tag, is, ...parts) => {
  const node = Object.assign(document.createElement(tag), typeof is === "string" ? { className: is } : is);
  node.append(...parts);
  return node;
};
const act = (className, words, onclick) => el("button", { className, type: "button", onclick }, words);
const wallTime = () => new Date().toLocaleTimeString("en-GB", { timeZone: now.business.zone, timeStyle: "short" });
const icon = (name) => $("icons").content.querySelector(`.${name}`).cloneNode(true);
const pretty = (number) => number.replace(/^(\+1|\+\d{3})(...)(...)(....)$/, "$1 $2 $3 $4");
const memory = (() => { try { return localStorage; } catch { return {}; } })(); // a browser may refuse: forget on reload
const recall = (key) => JSON.parse(memory[`regulars.${key}`] ?? "null");
const remember = (key, value) => { memory[`regulars.${key}`] = JSON.stringify(value); };

/** The JSON answer of the demo server; a body makes it a POST. Throws an Error whose message may be shown. */
async function api(path, body) {
  const headers = { "Content-Type": "application/json" }; // keepalive: a hang-up outlives the page
  const post = body && { method: "POST", headers, body: JSON.stringify(body), keepalive: true };
  const limit = AbortSignal.timeout(body ? 45000 : 10000);
  const answer = await fetch(`/demo/${path}`, { ...post, signal: limit }).catch(() => null);
  if (!answer) throw new Error("The server cannot be reached.");
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok || data.error) throw new Error(data.error || `The server answered with an error (${answer.status}).`);
  return data;
}

function toast(words, action = null) {
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $("toast").hidden = true; }, 6000);
  $("toastwords").textContent = words;
  Object.assign($("toastdo"), { hidden: !action, onclick: action });
  $("toast").hidden = false;
}

/** A round face: the initials of a name on a hue of its own. */
function faceOf(name) {
  const initials = name.split(/\s+/).flatMap((word) => word.match(/^[\p{L}\d]/u) ?? []);
  const face = el("span", { className: "face", ariaHidden: "true" }, initials.slice(0, 2).join(""));
  face.style.setProperty("--hue", [...name].reduce((sum, letter) => (sum * 149 + letter.codePointAt(0)) % 360, 0));
  return face;
}

// The settings: native radio buttons in four groups, so that arrow keys and screen readers know them
const input = (name, value) => el("input", { className: "sr", type: "radio", name, value });
function personOption({ phone: number, name, role, note }) {
  const top = el("span", "top", name, " ", el("span", `role ${role}`, role), " "), small = el("small", "", note || pretty(number));
  return el("label", "option", input("person", number), faceOf(name), el("span", "lines", top, small));
}

/** Where to begin with a business: at the person asked for, else at a known customer. */
function opening(slug, number) {
  const business = stage.businesses.find((one) => one.slug === slug) ?? stage.businesses[0];
  const known = business.people.find((one) => one.role === "customer") ?? business.people[0];
  return { business, person: business.people.find((one) => one.phone === number) ?? known };
}

/** Add customers that this page made to a business, unless the server lists them itself. */
function join({ people: known }, numbers) {
  const tries = known.find((one) => one.role === "new")?.try ?? ["hi", "help"];
  const fresh = numbers.filter((number) => !known.some((one) => one.phone === number));
  known.push(...fresh.map((number) => ({ phone: number, name: "New customer", role: "new", try: tries })));
}

function addNewcomer() {
  const { business } = now, key = `newcomers.${business.slug}`, made = recall(key) ?? [];
  const below = (limit) => Math.floor(Math.random() * limit), taken = [...made, ...business.people.map((one) => one.phone)];
  // Nobody owns the American numbers 555-0150 to 0199; they are only fifty, so they come round again.
  const nigerian = taken.some((number) => number.startsWith("+234")); // the people tell it: a line may be of any country
  const draw = () => (nigerian ? `+2348039${below(9e5) + 1e5}` : `+14155550${150 + below(50)}`);
  const fresh = Array.from({ length: 500 }, draw).find((number) => !taken.includes(number)) ?? draw();
  remember(key, [...made.filter((number) => number !== fresh), fresh]);
  join(business, [fresh]);
  show(opening(business.slug, fresh));
  setPanel(false);
}

function setPanel(open) {
  if (document.body.classList.contains("choosing") === open) return;
  document.body.classList.toggle("choosing", open);
  $("whose").ariaExpanded = String(open);
  phone.inert = open; // on a small screen the settings cover the phone
  $(open ? "done" : "whose").focus();
}

// What the phone shows
function openView(loaded = false) {
  log.replaceChildren(typing);
  typing.hidden = true;
  log.ariaBusy = String(!loaded); // a thread that is opened is not read out line by line
  return { last: 0, told: 0, day: "", loaded, atEnd: true, waiting: 0, turns: Promise.resolve() };
}

/** Turn to another business, person, channel or line, and open its thread from the beginning. */
function show(change) {
  hangUp();
  if (change.business) people.replaceChildren(...change.business.people.map(personOption));
  if (change.business) announced = null;
  now = { ...now, ...change };
  if (!now.business.shared_number) now.line = "own";
  [view, call, $("toast").hidden] = [openView(now.channel === "voice"), null, true];
  remember("place", [now.business.slug, now.person.phone, now.channel, now.line]);
  paint();
  look();
}

function paint() {
  const { business, person, channel, line } = now, shared = line === "shared";
  const picked = { business: business.slug, person: person.phone, channel, line };
  for (const one of document.querySelectorAll("[type=radio]")) one.checked = one.value === picked[one.name];
  now.number = pretty(shared ? business.shared_number : business.number);
  $("linenote").textContent = now.number + (shared ? `. Newcomers begin with JOIN ${business.code}.` : "");
  document.querySelector("[value=shared]").parentNode.hidden = !business.shared_number;
  phone.dataset.channel = channel;
  $("face").replaceChildren(faceOf(business.name));
  $("title").textContent = business.name;
  text.placeholder = { whatsapp: "Message", sms: "Text message", voice: "Say something" }[channel];
  $("whose").replaceChildren(faceOf(person.name), el("span", "", el("span", "soft", "You are "), person.name), icon("down"));
  document.title = `${person.name} · ${business.name} · Regulars demo`;
  now.tries = [...(shared ? [`JOIN ${business.code}`] : []), ...(person.try ?? [])];
  $("tries").replaceChildren(...now.tries.map((words) => el("li", "", act("chip", words, () => tryOut(words)))));
  [$("tryas").textContent, $("trynote").textContent] = [`Try as ${person.name}`, person.note || pretty(person.phone)];
  paintCall();
  if (channel === "voice") paintEmpty();
}

function paintStatus() {
  $("clock").textContent = wallTime();
  const shown = now.channel === "whatsapp" && (view.waiting ? "typing…" : now.line === "own" && "online");
  $("subtitle").textContent = offline ? "Waiting for the server…" : call ? callWords() : shown || now.number;
}

function paintEmpty() {
  if (log.childElementCount > 1) return;
  const why = now.line === "shared" ? "reach this business" : "begin, or anything you like";
  const begin = `Type “${now.tries[0] ?? "hi"}” to ${why}.`;
  typing.before(el("p", "empty", now.channel === "voice" ? "Press Call, then type what you would say." : begin));
}

// Messages
function rowOf({ direction, body, choices, status, time }) {
  const mine = direction === "inbound"; // inbound to the bot is what the holder of this phone wrote
  const lost = /failed|undelivered|canceled|withheld/.test(status), mark = icon(status === "unsent" ? "clock" : "ticks");
  const meta = el("span", "meta", time ?? "", lost ? " · not delivered" : mine ? mark : "");
  const speaker = el("span", "sr", mine ? "You: " : `${now.business.name}: `);
  const bubble = el("div", "bubble", speaker, el("span", "words", body ?? ""), meta);
  const row = el("div", `row ${mine ? "mine" : "theirs"} ${status ?? ""}`, bubble);
  const offers = (choices ?? []).map(({ id, label }) => act("choice", label, () => say(label, id)));
  if (offers.length) row.append(el("div", { className: "choices", role: "group", ariaLabel: "Choices" }, ...offers));
  return row;
}

/** Put a row after all that the server has told, and before what still waits and the typing dots. */
function place(row) {
  const before = (!row.matches(".unsent") && log.querySelector(".unsent")) || typing, side = row.classList[1];
  log.querySelector(".empty")?.remove();
  if (side && before.previousElementSibling?.classList.contains(side)) row.classList.add("joined");
  // An answer was given, so earlier offers step back; they may still be tapped, as on a real phone.
  if (side === "mine") for (const old of log.querySelectorAll(".choices")) old.classList.add("spent");
  if (view.loaded) row.classList.add("fresh");
  before.before(row);
  if (view.atEnd || side === "mine") toEnd();
}

function placeDay(at) {
  const name = (date) => new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeZone: now.business.zone }).format(date);
  const day = name(new Date(at)), near = { [name(Date.now() - 864e5)]: "Yesterday", [name(Date.now())]: "Today" };
  if (day !== view.day) place(el("p", "day", near[day] ?? day));
  view.day = day;
}

const toEnd = () => { log.scrollTop = log.scrollHeight; };

/** Show at once what the person says, and send it after what he said before. On a call, keys send their digits. */
function say(words, choiceId = null, digits = null) {
  const [mine, ours] = [view, call], { business, person, channel, line } = now, spoken = channel === "voice";
  if (spoken && ours?.state !== "live") return toast("Press Call first.");
  const turn = { business: business.slug, phone: person.phone, channel, text: words, choice_id: choiceId, line };
  const row = rowOf({ direction: "inbound", body: words, status: spoken ? "spoken" : "unsent", time: wallTime() });
  const send = async () => {
    if (spoken) return ours.ended || hear(ours, await api(`call/${ours.id}/say`, digits ? { digits } : { text: words }));
    await api("say", turn);
    await look(); // brings the server's own copy, which may be masked: a PIN, a code
    return row.remove();
  };
  const wait = (change) => {
    mine.waiting += change;
    if (mine !== view) return;
    typing.hidden = !mine.waiting;
    paintStatus();
    if (mine.atEnd) toEnd();
  };
  place(row);
  wait(1);
  mine.turns = mine.turns.then(send).catch((error) => {
    row.remove();
    toast(error.message);
    if (mine === view && !text.value && !digits) text.value = words;
  }).then(() => wait(-1));
}

function tryOut(words) {
  if (!UNFINISHED.test(words)) return say(words);
  text.value = words.replace(UNFINISHED, " ");
  return text.focus();
}

// Looking at the server
async function pullThread() {
  const mine = view, after = mine.last, { business, person, channel } = now;
  if (channel === "voice") return;
  const query = new URLSearchParams({ business: business.slug, phone: person.phone, channel, after });
  const { messages } = await api(`thread?${query}`);
  if (mine !== view) return;
  for (const message of messages.filter(({ seq }) => seq > mine.last)) {
    mine.last = message.seq;
    if (message.direction === "outbound") mine.told = message.seq;
    else log.querySelector(".unsent")?.remove();
    placeDay(message.at);
    place(rowOf(message));
  }
  mine.loaded = true;
  log.ariaBusy = "false";
  paintEmpty();
}

/** Put a dot on each person who was told something that has not been on the screen, on whatever channel. */
async function pullUnread() {
  const mine = view, { told } = mine, { business, person, channel } = now, key = `seen.${business.slug}`;
  const newest = await api(`unread?${new URLSearchParams({ business: business.slug })}`);
  if (mine !== view) return;
  if ((newest[person.phone] ?? 0) < told) return show({}); // less than was shown: the database was made afresh
  const seen = recall(key) ?? { ...newest }; // on a first visit nothing is news
  announced ??= { ...newest };
  for (const [number, seq] of Object.entries(newest)) {
    seen[number] = Math.min(seen[number] ?? 0, seq); // the same, between two visits
    if (number === person.phone) seen[number] = channel === "voice" ? seq : Math.max(seen[number], view.last);
    people.querySelector(`[value="${number}"]`)?.parentNode.classList.toggle("news", seq > seen[number]);
    const other = business.people.find((one) => one.phone === number && one !== person);
    if (other && seq > (announced[number] ?? 0)) toast(`${other.name} has a new message.`, () => show({ person: other }));
    announced[number] = seq;
  }
  remember(key, seen);
  $("whose").classList.toggle("news", Boolean(people.querySelector(".news")));
}

/** Look now, and plan the next look. Looks may overlap: a message is taken by its sequence, never twice. */
async function look() {
  offline = await pullThread().then(pullUnread).then(() => false, () => true);
  clearTimeout(lookTimer);
  lookTimer = setTimeout(look, offline ? PACE.offline : document.hidden ? PACE.hidden : PACE.visible);
}

// The phone call: ringing -> live -> ended
function paintCall() {
  phone.dataset.call = call?.state ?? "idle";
  $("dialword").textContent = !call ? "Call" : call.ended ? "Call again" : "Hang up";
  if (call?.state !== "live") setKeypad(false);
  paintStatus();
}

function callWords() {
  const seconds = Math.floor(((call.ended ?? Date.now()) - call.since) / 1000);
  const length = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return { ringing: "Calling…", live: length, ended: `Call ended · ${length}` }[call.state];
}

async function startCall() {
  const { business, person, line } = now, mine = { state: "ringing", since: Date.now(), offered: 0 };
  [call, view] = [mine, openView(true)];
  paintCall();
  try {
    const answer = await api("call", { business: business.slug, phone: person.phone, line });
    mine.id = encodeURIComponent(answer.call);
    if (mine.ended) return api(`call/${mine.id}/hangup`, {}); // given up before the answer came
    Object.assign(mine, { state: "live", since: Date.now() });
    paintCall();
    return hear(mine, answer);
  } catch (error) {
    if (!mine.ended) hangUp();
    return toast(error.message);
  }
}

function hear(mine, { say: lines = [], choices = [], ended = false }) {
  if (mine.ended) return;
  mine.offered = choices.length;
  lines.forEach((body, index) => place(rowOf({ direction: "outbound", body, choices: lines[index + 1] ? [] : choices })));
  if (ended) hangUp();
}

function hangUp() {
  if (!call || call.ended) return;
  if (call.id) api(`call/${call.id}/hangup`, {}).catch(() => null);
  Object.assign(call, { state: "ended", ended: Date.now() });
  typing.hidden = true;
  paintCall();
}

function setKeypad(open) {
  clearTimeout(keyTimer); // keys gathered for one call are not said in another place
  [$("keypad").hidden, $("composer").hidden, $("digits").value] = [!open, open, ""];
  $("keys").ariaPressed = String(open);
}

/** Keys are gathered until # or a pause, as on a telephone; one key answers a short list of choices at once. */
function press(key) {
  const typed = $("digits").value, alone = !typed && call.offered > 0 && call.offered < 10;
  const digits = key === "#" && typed ? typed : typed + key;
  clearTimeout(keyTimer);
  $("digits").value = digits;
  const send = () => { [$("digits").value, call.offered] = ["", 0]; say(`Pressed ${digits}`, null, digits); };
  keyTimer = setTimeout(send, key === "#" || alone ? 0 : 1500);
}

// Wiring: nothing is heeded before the stage is there
const fit = () => $(roomy.matches ? "hints" : "strip").append($("tries")); // beside the phone, or above the message box
const on = (id, name, heed) => $(id).addEventListener(name, (event) => (now.person ? heed(event) : event.preventDefault()));
const submit = (event) => {
  const words = text.value.trim();
  event.preventDefault();
  text.value = "";
  if (words) say(words);
};
on("composer", "submit", submit);
on("text", "keydown", (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing && submit(event));
on("log", "scroll", () => { $("latest").hidden = view.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60; });
on("latest", "click", toEnd);
on("dial", "click", () => (call && !call.ended ? hangUp() : startCall()));
on("ring", "click", () => { show({ channel: "voice" }); startCall(); });
on("keys", "click", () => setKeypad($("keypad").hidden));
on("keypad", "click", ({ target }) => target.closest("button") && press(target.closest("button").value));
on("newcomer", "click", addNewcomer);
on("whose", "click", () => setPanel(true));
for (const id of ["done", "scrim"]) on(id, "click", () => setPanel(false));
on("panel", "change", ({ target: { name, value } }) => {
  const { person } = opening(now.business.slug, value);
  show(name === "business" ? opening(value) : name === "person" ? { person } : { [name]: value });
});
// A tap on a person closes the settings; an arrow key, which lands on the radio itself, leaves them open.
on("people", "click", ({ target }) => target.tagName !== "INPUT" && setTimeout(setPanel, 150, false));
document.addEventListener("keydown", (event) => event.key === "Escape" && setPanel(false));
document.addEventListener("visibilitychange", () => now.person && look());
roomy.addEventListener("change", fit);
matchMedia("(max-width: 819px), (max-height: 540px)").addEventListener("change", () => setPanel(false));
addEventListener("pagehide", hangUp);
new ResizeObserver(() => view.atEnd && toEnd()).observe(log); // an on-screen keyboard must not hide the last line
setInterval(() => now.person && paintStatus(), 1000);

/** Read the stage and open where the last visit ended. */
async function boot() {
  stage = await api("stage").catch(() => null);
  if (!stage?.businesses?.length) {
    log.replaceChildren(el("p", "empty", "Waiting for the demo server…"));
    return setTimeout(boot, PACE.offline);
  }
  const [slug, number, last, line = "own"] = recall("place") ?? [];
  for (const one of stage.businesses) {
    join(one, (recall(`newcomers.${one.slug}`) ?? []).slice(-3));
    $("businesses").append(el("label", "option", input("business", one.slug), faceOf(one.name), el("span", "lines", one.name)));
  }
  for (const one of document.getElementsByName("channel")) one.parentNode.hidden = !stage.channels.includes(one.value);
  return show({ ...opening(slug, number), line, channel: stage.channels.includes(last) ? last : stage.channels[0] });
}

fit();
boot();
