import { language } from '../i18n.js';

const formats = new Map();

function format(kind, options) {
  const key = `${language.code}/${kind}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language.code === 'zh' ? 'zh-CN' : 'en-GB', options));
  return formats.get(key);
}

export function clock(ts) {
  return format('clock', { hour: '2-digit', minute: '2-digit' }).format(ts);
}

/** The clock for today, else the date. */
export function shortTime(ts) {
  return sameDay(ts, Date.now()) ? clock(ts) : format('short', { day: 'numeric', month: 'short' }).format(ts);
}

export function fullTime(ts) {
  return format('full', { dateStyle: 'full', timeStyle: 'medium' }).format(ts);
}

/** "Today", "Yesterday", or the date. */
export function day(ts) {
  const days = Math.round((startOfDay(Date.now()) - startOfDay(ts)) / 86_400_000);
  if (days === 0 || days === 1) {
    const text = new Intl.RelativeTimeFormat(language.code, { numeric: 'auto' }).format(-days, 'day');
    return text.charAt(0).toLocaleUpperCase() + text.slice(1);
  }
  return format('day', { dateStyle: 'full' }).format(ts);
}

export function sameDay(one, other) {
  return startOfDay(one) === startOfDay(other);
}

function startOfDay(ts) {
  return new Date(ts).setHours(0, 0, 0, 0);
}
