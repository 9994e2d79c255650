// All texts of the screen, in both languages.

const NUMBER = { zh: "zh-CN", en: "en-GB" };
const FAMILIAR = { futian: { zh: "福田区", en: "Futian District" } };

export const WORDS = {
  zh: {
    html: "zh-Hans",
    switchTo: "English",
    title: (district) => `${district} · 实时总览`,
    simulated: { simulated: "模拟数据", mixed: "含模拟数据" },
    connecting: "正在连接……",
    waiting: "正在读取历史数据，数据尚不完整……",
    live: "实时",
    lost: (age) => `连接已中断 ${age}，正在重连；所示为中断前的数据`,
    unread: (age) => `最新合计已有 ${age}未能读取，正在重试`,
    complete: "收到的事件已全部计入",
    behind: (count) => `还有 ${count} 条事件尚未计入`,
    refused: (count) => `拒收记录 ${count} 条`,
    exact: "所示为已接受事件的准确合计，仅在显示时取整",
    today: "今日", month: "本月", year: "今年",
    ago: (age) => `最新数据 ${age}前`,
    stale: (age) => `数据过期 · ${age}前`,
    none: "暂无数据",
    seconds: "秒", minutes: "分钟", hours: "小时", days: "天",
    stubRate: "票根使用率",
    shares: (today, year) => `${today}，今年 ${year}`,
    target: (target) => `2030 年目标 ${target}`,
    baseline: (baseline) => `基期值 ${baseline}`,
    names: {
      visits: "客流", refund: "离境退税", refund_forms: "开具申请单", refund_invoices: "退税商品销售额",
      refund_shops: "离境退税商店", inbound_payments: "境外来宾支付", retail_net: "零售净额",
      cross_border_ecommerce: "跨境电商", port_crossings: "口岸通关", tickets_admitted: "验票入场",
      circular_turnover: "循环经济成交额", service_trade: "服务贸易",
    },
    units: {
      visits: "人次", refund_forms: "份", refund_shops: "家", port_crossings: "人次", tickets_admitted: "张",
      fen: "元", usd_cents: "美元",
    },
  },
  en: {
    html: "en",
    switchTo: "中文",
    title: (district) => `${district} · live totals`,
    simulated: { simulated: "SIMULATED DATA", mixed: "INCLUDES SIMULATED DATA" },
    connecting: "Connecting…",
    waiting: "Reading earlier data; not complete yet…",
    live: "Live",
    lost: (age) => `Connection lost ${age} ago, reconnecting; the numbers are from before the loss`,
    unread: (age) => `The totals could not be read for ${age}; retrying`,
    complete: "All events received are counted",
    behind: (count) => `${count} ${count === "1" ? "event is" : "events are"} not counted yet`,
    refused: (count) => `${count} ${count === "1" ? "record was" : "records were"} refused`,
    exact: "Exact sums of the accepted events, rounded for display only",
    today: "Today", month: "This month", year: "This year",
    ago: (age) => `Newest data ${age} ago`,
    stale: (age) => `STALE · ${age} ago`,
    none: "No data yet",
    seconds: "s", minutes: "min", hours: "h", days: "d",
    stubRate: "Stub use",
    shares: (today, year) => `${today}, this year ${year}`,
    target: (target) => `2030 target ${target}`,
    baseline: (baseline) => `Baseline ${baseline}`,
    names: {
      visits: "Visits", refund: "Departure tax refund", refund_forms: "Forms issued",
      refund_invoices: "Invoice value",
      refund_shops: "Tax refund shops", inbound_payments: "Payments from abroad",
      retail_net: "Retail net sales", cross_border_ecommerce: "Cross-border e-commerce",
      port_crossings: "Port crossings", tickets_admitted: "Tickets admitted",
      circular_turnover: "Circular turnover", service_trade: "Service trade",
    },
    units: { fen: "¥", usd_cents: "US$" },
  },
};

export const getDistrictName = (id, language) => FAMILIAR[id]?.[language] ?? id;

const formatNumber = (value, language, digits = 0) =>
  new Intl.NumberFormat(NUMBER[language], { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .format(value);

export const formatCount = (value, language) => formatNumber(value, language);

export const formatPercent = (share, language) =>
  new Intl.NumberFormat(NUMBER[language], { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 })
    .format(share);

/** { before, number, after, exact }: the rounded number with its units, and the exact text. */
export function formatAmount(value, name, unit, language) {
  const money = unit === "fen" || unit === "usd_cents";
  const inUnits = money ? value / 100 : value;
  const word = WORDS[language].units[money ? unit : name] ?? "";
  const digits = money ? 2 : 0;
  if (language === "en") {
    const exact = formatNumber(inUnits, "en", digits);
    const number = formatNumber(inUnits, "en");
    return money
      ? { before: word, number, after: "", exact: word + exact }
      : { before: "", number, after: word, exact };
  }
  const exact = formatNumber(inUnits, "zh", digits) + word;
  const size = Math.abs(inUnits);
  if (size >= 1e8) return { before: "", number: formatNumber(inUnits / 1e8, "zh", 2), after: "亿" + word, exact };
  if (size >= 1e4) return { before: "", number: formatNumber(inUnits / 1e4, "zh", 2), after: "万" + word, exact };
  return { before: "", number: formatNumber(inUnits, "zh"), after: word, exact };
}

/** 42 s, 5 min, 3 h, 2 d: the largest unit that is at least two, or seconds. */
export function formatDuration(ms, language) {
  const words = WORDS[language];
  const seconds = Math.max(0, Math.floor(ms / 1000));
  for (const [unit, length] of [["days", 86400], ["hours", 3600], ["minutes", 60]]) {
    if (seconds >= 2 * length) return `${Math.floor(seconds / length)} ${words[unit]}`;
  }
  return `${seconds} ${words.seconds}`;
}
