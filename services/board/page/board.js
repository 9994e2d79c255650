// Draws the messages of /api/live. Ages follow the server's clock, advanced between messages by the browser's.

import { WORDS, formatAmount, formatCount, formatDuration, formatPercent, getDistrictName } from "./words.js";

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
let language = chooseLanguage();
let message = null;
let receivedAt = null;
let connectedOnce = false;
let behindSince = null;

function chooseLanguage() {
  const requested = new URLSearchParams(location.search).get("lang");
  if (requested in WORDS) return requested;
  try {
    const stored = localStorage.getItem("language");
    if (stored in WORDS) return stored;
  } catch { /* storage may be disabled; the choice then lasts as long as the page */ }
  return navigator.language.startsWith("en") ? "en" : "zh";
}

function createElement(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function setText(id, text) {
  const target = byId(id);
  if (target.textContent !== text) target.textContent = text;
}

/** Width in digits, so that the number fills its column: Chinese characters are two digits wide. */
function measureBreadth({ before, number, after }) {
  const small = [...after].reduce((sum, c) => sum + (c > "\u2e80" ? 1.9 : 1), 0) * 0.45;
  return Math.max(6, [...(before + number)].length + small + (after ? 0.3 : 0));
}

function createBigNumber(value, name, unit) {
  const big = createElement("span", "big");
  if (value === null) {
    big.textContent = "—";
    return big;
  }
  const shown = formatAmount(value, name, unit, language);
  big.append(shown.before + shown.number);
  if (shown.after) big.append(createElement("small", "", shown.after));
  big.title = shown.exact;
  big.style.setProperty("--n", measureBreadth(shown));
  return big;
}

function createLine(label, value, exact) {
  const line = createElement("p", "beside");
  line.append(createElement("span", "caption", label));
  const shown = createElement("span", "", value);
  if (exact) shown.title = exact;
  line.append(shown);
  return line;
}

function createYearLine(name) {
  const { year, unit } = message.shown.totals[name];
  const shown = formatAmount(year, name, unit, language);
  return createLine(WORDS[language].year, shown.before + shown.number + shown.after, shown.exact);
}

function createTotalFigure(name, window, caption) {
  const total = message.shown.totals[name];
  const figure = createElement("div", "figure");
  if (caption) figure.append(createElement("p", "caption", caption));
  figure.append(createBigNumber(total[window], name, total.unit));
  return figure;
}

/** The two figures of a wide tile; figures of different totals each show a name and a year. */
function createWideFigures(pairs) {
  const words = WORDS[language];
  const distinct = pairs[0][0] !== pairs[1][0];
  return pairs.map(([name, window]) => {
    const caption = distinct ? `${words.names[name]} · ${words[window]}` : words[window];
    const figure = createTotalFigure(name, window, caption);
    if (distinct) figure.append(createYearLine(name));
    return figure;
  });
}

function createShareLine([part, whole]) {
  const { [part]: used, [whole]: all } = message.shown.totals;
  const rate = (window) => (all[window] > 0 ? formatPercent(used[window] / all[window], language) : "—");
  return createLine(WORDS[language].stubRate, WORDS[language].shares(rate("today"), rate("year")));
}

function createStockFigure() {
  const words = WORDS[language];
  const { active, baseline, target } = message.shown.refund_shops;
  const figure = createElement("div", "figure");
  const big = createElement("span", "big", formatCount(active, language));
  big.append(createElement("small", "", ` / ${formatCount(target, language)} ${words.units.refund_shops ?? ""}`));
  const bar = createElement("div", "bar");
  bar.style.setProperty("--share", Math.min(1, active / target));
  bar.style.setProperty("--from", baseline / target);
  bar.setAttribute("aria-hidden", "true");
  bar.append(createElement("i"), createElement("b"));
  const ends = createLine(words.baseline(formatCount(baseline, language)), words.target(formatCount(target, language)));
  ends.classList.add("spread");
  figure.append(big, bar, ends);
  return figure;
}

function findFeed(spec) {
  if (spec.stock) return message.shown.refund_shops.feed;
  return message.shown.totals[spec.wide ? spec.wide[0][0] : spec.name].feed;
}

function createTile(spec) {
  const section = createElement("section", spec.wide ? "tile wide" : "tile");
  section.dataset.feed = findFeed(spec);
  const heading = createElement("h2", "", WORDS[language].names[spec.name]);
  if (!spec.wide) heading.append(createElement("span", "caption", WORDS[language][spec.window ?? "today"]));
  section.append(heading);
  const figures = createElement("div", "figures");
  if (spec.stock) figures.append(createStockFigure());
  else if (spec.wide) figures.append(...createWideFigures(spec.wide));
  else figures.append(createTotalFigure(spec.name, spec.window ?? "today"));
  section.append(figures);
  if (!spec.stock && !spec.wide) section.append(createYearLine(spec.name));
  if (spec.share) section.append(createShareLine(spec.share));
  section.append(createElement("p", "age"));
  return section;
}

function drawTotals() {
  const words = WORDS[language];
  document.documentElement.lang = words.html;
  byId("language").textContent = words.switchTo;
  byId("language").lang = language === "zh" ? "en" : "zh-Hans";
  setText("exact", words.exact);
  if (message) {
    const { shown } = message;
    const title = words.title(getDistrictName(shown.district, language));
    setText("title", title);
    document.title = title;
    byId("simulated").hidden = shown.content === "real";
    setText("simulated", words.simulated[shown.content] ?? "");
    byId("tiles").replaceChildren(...TILES.map(createTile));
    drawCompleteness();
  }
  drawTime();
}

function drawCompleteness() {
  const words = WORDS[language];
  const { lag, dead_letters: dead } = message.shown.completeness;
  // Some events are always in transit; only a lasting lag deserves a warning.
  if (!lag) behindSince = null;
  else behindSince ??= message.now_ms;
  const late = lag && message.now_ms - behindSince > BEHIND_MS;
  const counted = createElement("span", late ? "behind" : "", lag ? words.behind(formatCount(lag, language)) : words.complete);
  byId("complete").replaceChildren(counted);
  if (dead) byId("complete").append(" · " + words.refused(formatCount(dead, language)));
}

const sinceReceived = () => performance.now() - receivedAt;

function drawTime() {
  drawStatus();
  if (!message) return;
  const now = message.now_ms + sinceReceived();
  const local = { timeZone: message.shown.zone };
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  const day = { ...local, year: "numeric", month: "long", day: "numeric", weekday: "long" };
  setText("date", new Intl.DateTimeFormat(locale, day).format(now));
  setText("clock", new Intl.DateTimeFormat("en-GB", { ...local, timeStyle: "medium" }).format(now));
  for (const section of document.querySelectorAll(".tile")) drawAge(section, now);
}

function drawAge(section, now) {
  const words = WORDS[language];
  const { newest_ms: newest, stale_after_ms: limit } = message.shown.feeds[section.dataset.feed];
  const stale = newest !== null && now - newest > limit;
  section.classList.toggle("stale", stale);
  section.classList.toggle("empty", newest === null);
  const age = newest === null ? "" : formatDuration(now - newest, language);
  section.querySelector(".age").textContent = newest === null ? words.none : stale ? words.stale(age) : words.ago(age);
}

function drawStatus() {
  const words = WORDS[language];
  const lost = receivedAt !== null && sinceReceived() > LOST_AFTER_MS;
  const unread = message !== null && message.now_ms - message.refreshed_ms > UNREAD_AFTER_MS;
  let text = words.live;
  if (lost) text = words.lost(formatDuration(sinceReceived(), language));
  else if (unread) text = words.unread(formatDuration(message.now_ms - message.refreshed_ms, language));
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
    receivedAt = performance.now();
    drawTotals();
  };
  source.onerror = () => {
    // After an HTTP error the browser stops reconnecting; this screen must not.
    source.close();
    setTimeout(connect, RETRY_MS);
  };
}

byId("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  try { localStorage.setItem("language", language); } catch { /* see chooseLanguage */ }
  drawTotals();
});

drawTotals();
setInterval(drawTime, 1000);
connect();
