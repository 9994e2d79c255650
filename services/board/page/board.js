// Draws what /api/live sends. All ages are told by the server's clock, carried on by this one's.

import { WORDS, amount, count, districtName, duration, percent } from "./words.js";

const LOST_AFTER_MS = 12_000;
const UNREAD_AFTER_MS = 10_000;
const RETRY_MS = 2_000;
const BEHIND_MS = 5_000;

// A wide tile shows two figures: two windows of one total, or two totals.
const TILES = [
  { name: "visits", wide: [["visits", "today"], ["visits", "year"]] },
  { name: "refund", wide: [["refund_forms", "today"], ["refund_invoices", "today"]] },
  { name: "refund_shops", stock: true },
  { name: "inbound_payments" },
  { name: "retail_net" },
  { name: "cross_border_ecommerce" },
  { name: "port_crossings" },
  { name: "tickets_admitted", share: ["tickets_used", "tickets_admitted"] },
  { name: "circular_turnover" },
  { name: "service_trade", window: "month" },
];

const byId = (id) => document.getElementById(id);
let language = chosenLanguage();
let message = null;
let heardAt = null;
let connectedOnce = false;
let behindSince = null;

function chosenLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked in WORDS) return asked;
  try {
    const kept = localStorage.getItem("language");
    if (kept in WORDS) return kept;
  } catch { /* storage may be switched off; the choice then lasts as long as the page */ }
  return navigator.language.startsWith("en") ? "en" : "zh";
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function setText(id, text) {
  const target = byId(id);
  if (target.textContent !== text) target.textContent = text;
}

/** Width in digits, for the number to fill its column: Chinese characters are two wide. */
function breadth({ before, number, after }) {
  const small = [...after].reduce((sum, c) => sum + (c > "\u2e80" ? 1.9 : 1), 0) * 0.45;
  return Math.max(6, [...(before + number)].length + small + (after ? 0.3 : 0));
}

function bigNumber(value, name, unit) {
  const big = element("span", "big");
  if (value === null) {
    big.textContent = "—";
    return big;
  }
  const shown = amount(value, name, unit, language);
  big.append(shown.before + shown.number);
  if (shown.after) big.append(element("small", "", shown.after));
  big.title = shown.exact;
  big.style.setProperty("--n", breadth(shown));
  return big;
}

function beside(label, value, exact) {
  const line = element("p", "beside");
  line.append(element("span", "caption", label));
  const shown = element("span", "", value);
  if (exact) shown.title = exact;
  line.append(shown);
  return line;
}

function yearLine(name) {
  const { year, unit } = message.shown.totals[name];
  const shown = amount(year, name, unit, language);
  return beside(WORDS[language].year, shown.before + shown.number + shown.after, shown.exact);
}

function totalFigure(name, window, caption) {
  const total = message.shown.totals[name];
  const figure = element("div", "figure");
  if (caption) figure.append(element("p", "caption", caption));
  figure.append(bigNumber(total[window], name, total.unit));
  return figure;
}

/** The two figures of a wide tile; those of different totals each have a name and a year. */
function wideFigures(pairs) {
  const words = WORDS[language];
  const distinct = pairs[0][0] !== pairs[1][0];
  return pairs.map(([name, window]) => {
    const caption = distinct ? `${words.names[name]} · ${words[window]}` : words[window];
    const figure = totalFigure(name, window, caption);
    if (distinct) figure.append(yearLine(name));
    return figure;
  });
}

function shareLine([part, whole]) {
  const { [part]: used, [whole]: all } = message.shown.totals;
  const rate = (window) => (all[window] > 0 ? percent(used[window] / all[window], language) : "—");
  return beside(WORDS[language].stubRate, WORDS[language].shares(rate("today"), rate("year")));
}

function stockFigure() {
  const words = WORDS[language];
  const { active, baseline, target } = message.shown.refund_shops;
  const figure = element("div", "figure");
  const big = element("span", "big", count(active, language));
  big.append(element("small", "", ` / ${count(target, language)} ${words.units.refund_shops ?? ""}`));
  const bar = element("div", "bar");
  bar.style.setProperty("--share", Math.min(1, active / target));
  bar.style.setProperty("--from", baseline / target);
  bar.setAttribute("aria-hidden", "true");
  bar.append(element("i"), element("b"));
  const ends = beside(words.baseline(count(baseline, language)), words.target(count(target, language)));
  ends.classList.add("spread");
  figure.append(big, bar, ends);
  return figure;
}

function feedOf(spec) {
  if (spec.stock) return message.shown.refund_shops.feed;
  return message.shown.totals[spec.wide ? spec.wide[0][0] : spec.name].feed;
}

function tile(spec) {
  const made = element("section", spec.wide ? "tile wide" : "tile");
  made.dataset.feed = feedOf(spec);
  const heading = element("h2", "", WORDS[language].names[spec.name]);
  if (!spec.wide) heading.append(element("span", "caption", WORDS[language][spec.window ?? "today"]));
  made.append(heading);
  const figures = element("div", "figures");
  if (spec.stock) figures.append(stockFigure());
  else if (spec.wide) figures.append(...wideFigures(spec.wide));
  else figures.append(totalFigure(spec.name, spec.window ?? "today"));
  made.append(figures);
  if (!spec.stock && !spec.wide) made.append(yearLine(spec.name));
  if (spec.share) made.append(shareLine(spec.share));
  made.append(element("p", "age"));
  return made;
}

function drawTotals() {
  const words = WORDS[language];
  document.documentElement.lang = words.html;
  byId("language").textContent = words.switchTo;
  byId("language").lang = language === "zh" ? "en" : "zh-Hans";
  setText("exact", words.exact);
  if (message) {
    const { shown } = message;
    const title = words.title(districtName(shown.district, language));
    setText("title", title);
    document.title = title;
    byId("simulated").hidden = shown.content === "real";
    setText("simulated", words.simulated[shown.content] ?? "");
    byId("tiles").replaceChildren(...TILES.map(tile));
    drawCompleteness();
  }
  drawTime();
}

function drawCompleteness() {
  const words = WORDS[language];
  const { lag, dead_letters: dead } = message.shown.completeness;
  // Some events are always on their way; only when that lasts is it worth a warning.
  if (!lag) behindSince = null;
  else behindSince ??= message.now_ms;
  const late = lag && message.now_ms - behindSince > BEHIND_MS;
  const counted = element("span", late ? "behind" : "", lag ? words.behind(count(lag, language)) : words.complete);
  byId("complete").replaceChildren(counted);
  if (dead) byId("complete").append(" · " + words.refused(count(dead, language)));
}

const sinceHeard = () => performance.now() - heardAt;

function drawTime() {
  drawStatus();
  if (!message) return;
  const now = message.now_ms + sinceHeard();
  const local = { timeZone: message.shown.zone };
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  const day = { ...local, year: "numeric", month: "long", day: "numeric", weekday: "long" };
  setText("date", new Intl.DateTimeFormat(locale, day).format(now));
  setText("clock", new Intl.DateTimeFormat("en-GB", { ...local, timeStyle: "medium" }).format(now));
  for (const made of document.querySelectorAll(".tile")) drawAge(made, now);
}

function drawAge(made, now) {
  const words = WORDS[language];
  const { newest_ms: newest, stale_after_ms: limit } = message.shown.feeds[made.dataset.feed];
  const stale = newest !== null && now - newest > limit;
  made.classList.toggle("stale", stale);
  made.classList.toggle("empty", newest === null);
  const age = newest === null ? "" : duration(now - newest, language);
  made.querySelector(".age").textContent = newest === null ? words.none : stale ? words.stale(age) : words.ago(age);
}

function drawStatus() {
  const words = WORDS[language];
  const lost = heardAt !== null && sinceHeard() > LOST_AFTER_MS;
  const unread = message !== null && message.now_ms - message.refreshed_ms > UNREAD_AFTER_MS;
  let text = words.live;
  if (lost) text = words.lost(duration(sinceHeard(), language));
  else if (unread) text = words.unread(duration(message.now_ms - message.refreshed_ms, language));
  else if (!message) text = connectedOnce ? words.waiting : words.connecting;
  const status = byId("status");
  status.className = "status" + (lost || unread ? " lost" : message ? "" : " waiting");
  document.body.classList.toggle("lost", lost);
  // A screen reader hears that the connection is lost, not every second of it.
  status.setAttribute("aria-live", lost ? "off" : "polite");
  setText("status", text);
}

function connect() {
  const source = new EventSource("api/live");
  source.onopen = () => { connectedOnce = true; };
  source.onmessage = ({ data }) => {
    message = JSON.parse(data);
    heardAt = performance.now();
    drawTotals();
  };
  source.onerror = () => {
    // The browser gives up for good after an HTTP error; this screen never does.
    source.close();
    setTimeout(connect, RETRY_MS);
  };
}

byId("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  try { localStorage.setItem("language", language); } catch { /* see chosenLanguage */ }
  drawTotals();
});

drawTotals();
setInterval(drawTime, 1000);
connect();
