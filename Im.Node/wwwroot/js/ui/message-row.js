import { pieces, t } from '../i18n.js';
import { announce } from './announcer.js';
import { avatar } from './avatar.js';
import { copyText } from './clipboard.js';
import { h, icon, label } from './dom.js';
import { isOnlyEmoji, richText } from './rich-text.js';
import { clock, day, fullTime, sameDay } from './time.js';

const GroupMs = 5 * 60_000;
const LongText = 1_200;
const LongLines = 18;
const MaxNames = 4;

/** Does this line go on under the head of the one before it? */
function continues(item, previous) {
  return previous?.kind === 'text' && item.kind === 'text' && previous.from === item.from && previous.own === item.own
    && item.ts - previous.ts < GroupMs && sameDay(item.ts, previous.ts) && !item.divider;
}

/**
 * One item of a timeline as an element.
 * @param {import('../timeline.js').Item} item
 * @param {import('../timeline.js').Item | undefined} previous
 * @param {{ retry: (item: any) => void, discard: (item: any) => void }} actions
 */
export function messageRow(item, previous, actions) {
  const row = h('div', 'row-block');
  if (!previous || !sameDay(item.ts, previous.ts)) row.append(h('p', { class: 'day', text: day(item.ts) }));
  if (item.divider) row.append(h('p', { class: 'divider', text: t('log.new') }));
  if (item.kind === 'text') row.append(textRow(item, continues(item, previous), actions));
  else if (item.kind === 'presence') row.append(presenceRow(item));
  else row.append(noteRow(item));
  return row;
}

function textRow(item, continued, actions) {
  const side = item.own ? 'own' : 'other';
  const row = h('div', { class: `row ${side}${continued ? ' cont' : ''} ${item.state}`, role: 'article', tabindex: '-1' });
  const name = item.own ? h('span', { class: 'name sr', text: t('log.you') }) : h('bdi', { class: 'name', text: item.from });
  const time = h('time', { datetime: new Date(item.ts).toISOString(), title: fullTime(item.ts), text: clock(item.ts) });
  const head = h('div', continued ? 'who sr' : 'who', name, ' ', time);
  if (!item.own && !continued) {
    const picture = avatar(item.from);
    row.append(picture);
    head.style.setProperty('--hue', picture.style.getPropertyValue('--hue'));
  }
  row.append(h('div', 'body', head, h('div', 'line', bubble(item), copyButton(item.text)), stateLine(item, actions)));
  return row;
}

function bubble(item) {
  const text = h('div', { class: 'text', dir: 'auto' }, ...richText(item.text));
  const element = h('div', { class: isOnlyEmoji(item.text) ? 'bubble big' : 'bubble', title: fullTime(item.ts) }, text);
  if (item.text.length > LongText || item.text.split('\n', LongLines + 1).length > LongLines) {
    element.classList.add('folded');
    const unfold = () => {
      element.classList.remove('folded');
      more.remove();
    };
    const more = h('button', { class: 'unfold', type: 'button', text: t('log.showAll'), on: { click: unfold } });
    element.append(more);
  }
  return element;
}

function copyButton(text) {
  const onClick = async () => {
    if (!await copyText(text)) return;
    button.classList.add('done');
    announce(t('message.copied'));
    setTimeout(() => button.classList.remove('done'), 1_500);
  };
  const button = h('button', { class: 'icon-button small copy', type: 'button', tabindex: '-1', on: { click: onClick } }, icon('copy'));
  label(button, t('message.copy'));
  return button;
}

function stateLine(item, actions) {
  if (item.state === 'sent') return null;
  if (item.state === 'sending') return h('p', { class: 'delivery late', text: t('message.sending') });
  const why = item.why ? `: ${t(item.why)}` : '';
  return h('p', 'delivery failed',
    h('span', { text: `${t(`message.${item.state}`)}${why}` }),
    h('button', { class: 'link', type: 'button', text: t('message.retry'), on: { click: () => actions.retry(item) } }),
    h('button', { class: 'link', type: 'button', text: t('message.discard'), on: { click: () => actions.discard(item) } }));
}

function presenceRow(item) {
  const line = h('p', 'system');
  if (item.joined.length > 0) line.append(h('span', 'part', ...pieces('presence.joined', { names: names(item.joined) })));
  if (item.left.length > 0) line.append(h('span', 'part', ...pieces('presence.left', { names: names(item.left) })));
  return line;
}

function names(list) {
  const shown = list.slice(0, list.length > MaxNames ? MaxNames - 1 : MaxNames);
  const rest = list.length - shown.length;
  const parts = shown.map(name => h('bdi', { text: name }));
  if (rest > 0) parts.push(t('presence.more', { n: rest }));
  return parts.flatMap((part, index) => (index === 0 ? [part] : [', ', part]));
}

function noteRow({ note, vars, ts }) {
  const { name, from, to } = vars;
  const brief = from && clock(from) === clock(to);
  const filled = { ...(name && { name: h('bdi', { text: name }) }), ...(from && { from: clock(from), to: clock(to) }) };
  const row = h('p', note === 'note.joined' ? 'system' : 'system marked', h('span', 'part', ...pieces(brief ? `${note}.brief` : note, filled)));
  row.title = fullTime(ts);
  return row;
}
