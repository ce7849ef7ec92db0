import { pieces, t } from '../i18n.js';
import { announce } from './announcer.js';
import { avatar } from './avatar.js';
import { copyText } from './clipboard.js';
import { h, icon, label } from './dom.js';
import { ownActions } from './own-actions.js';
import { isOnlyEmoji, richText } from './rich-text.js';
import { systemLine } from './system-line.js';
import { clock, day, fullTime, sameDay } from './time.js';

const GroupMs = 5 * 60_000;
const LongText = 1_200;
const LongLines = 18;
const FailureTexts = new Set([0, 1013, 1014, 1018, 1020, 1021, 1027]);

/** Does this line go on under the head of the one before it? */
function continues(item, previous) {
  return previous?.kind === 'text' && item.kind === 'text' && previous.from === item.from && previous.own === item.own
    && Math.abs(item.ts - previous.ts) < GroupMs && sameDay(item.ts, previous.ts) && !item.divider;
}

/**
 * @typedef {{
 *   retry: (item: any) => void, discard: (item: any) => void, edit: (item: any) => void, recall: (item: any) => void,
 *   receipts: (item: any, isLast: boolean) => string,
 * }} Actions what can be done with a line; `receipts` is how far the others are with it, in words
 */

/**
 * One item of a timeline as an element.
 * @param {import('../timeline.js').Item} item
 * @param {import('../timeline.js').Item | undefined} previous
 * @param {Actions} actions
 * @param {string} receipts
 */
export function messageRow(item, previous, actions, receipts = '') {
  const row = h('div', 'row-block');
  if (!previous || !sameDay(item.ts, previous.ts)) row.append(h('p', { class: 'day', text: day(item.ts) }));
  if (item.divider) row.append(h('p', { class: `divider ${item.divider}`, text: t(`log.${item.divider}`) }));
  if (item.kind === 'text') row.append(textRow(item, continues(item, previous), actions, receipts));
  else row.append(systemLine(item));
  return row;
}

function textRow(item, continued, actions, receipts) {
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
  row.append(h('div', 'body', head, h('div', 'line', bubble(item), tools(item, actions)), stateLine(item, actions, receipts)));
  return row;
}

function tools(item, actions) {
  if (item.recalled) return null;
  return h('div', 'tools', ...(item.own ? ownActions(item, actions) : []), copyButton(item.text));
}

function bubble(item) {
  if (item.recalled) return h('div', 'bubble gone', h('div', { class: 'text', text: t('message.recalled') }));
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
  if (item.edited) element.append(h('span', { class: 'edited', text: t('message.edited') }));
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

function stateLine(item, actions, receipts) {
  if (item.state === 'sent') return receipts ? h('p', { class: 'delivery', text: receipts }) : null;
  const discard = h('button', { class: 'link', type: 'button', text: t('message.discard'), on: { click: () => actions.discard(item) } });
  if (item.state === 'sending') return h('p', 'delivery late', h('span', { text: t('message.sending') }));
  const known = FailureTexts.has(item.why);
  return h('p', 'delivery failed',
    h('span', { text: t(known ? `message.failed.${item.why}` : 'message.failed', { code: item.why }) }),
    h('button', { class: 'link', type: 'button', text: t('message.retry'), on: { click: () => actions.retry(item) } }),
    discard);
}
