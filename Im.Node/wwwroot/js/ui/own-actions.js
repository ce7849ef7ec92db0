import { t } from '../i18n.js';
import { h, icon, label } from './dom.js';

const ChangeableMs = 15 * 60_000;

/** What one can do with an own line that the server has: for a quarter of an hour change it, or take it back. Whether it may is the server's say. */
export function ownActions(item, actions) {
  if (item.state !== 'sent' || !item.mseq || Date.now() - item.ts > ChangeableMs) return [];
  return [
    button('undo', 'message.recall', () => actions.recall(item)),
    button('edit', 'message.edit', () => actions.edit(item)),
  ];
}

function button(picture, text, onClick) {
  const element = h('button', { class: `icon-button small ${picture}`, type: 'button', tabindex: '-1', on: { click: onClick } }, icon(picture));
  label(element, t(text));
  return element;
}
