import { pieces, t } from '../i18n.js';
import { h } from './dom.js';
import { fullTime } from './time.js';

const MaxNames = 4;

/** A line that nobody wrote: who came and went, what became of a group, where records are missing. */
export function systemLine(item) {
  if (item.kind === 'presence') return presenceLine(item);
  if (item.kind === 'event') return eventLine(item);
  if (item.kind === 'gap') return h('p', { class: 'system marked', text: t('log.gap', item.vars) });
  const { name } = item.vars;
  const row = h('p', 'system', h('span', 'part', ...pieces(item.note, { ...(name && { name: h('bdi', { text: name }) }) })));
  row.title = fullTime(item.ts);
  return row;
}

function presenceLine({ joined, left }) {
  const line = h('p', 'system');
  if (joined.length > 0) line.append(h('span', 'part', ...pieces('presence.joined', { names: names(joined) })));
  if (left.length > 0) line.append(h('span', 'part', ...pieces('presence.left', { names: names(left) })));
  return line;
}

function eventLine({ from, ext, ts }) {
  const vars = { from: h('bdi', { text: from }), names: names((ext.users ?? []).map(String)), group: h('bdi', { text: String(ext.name ?? '') }), role: t(`role.${ext.role ?? 'member'}`) };
  const line = h('p', 'system event', h('span', 'part', ...pieces(`event.${ext.op}`, vars)));
  line.title = fullTime(ts);
  return line;
}

function names(list) {
  const shown = list.slice(0, list.length > MaxNames ? MaxNames - 1 : MaxNames);
  const rest = list.length - shown.length;
  const parts = shown.map(name => h('bdi', { text: name }));
  if (rest > 0) parts.push(t('presence.more', { n: rest }));
  return parts.flatMap((part, index) => (index === 0 ? [part] : [', ', part]));
}
