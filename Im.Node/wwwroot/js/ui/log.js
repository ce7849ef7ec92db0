import { t } from '../i18n.js';
import { byId, eachFrame, h, icon } from './dom.js';
import { messageRow } from './message-row.js';

const PinnedPx = 48;

/** The messages of the active room: follows the newest line unless somebody reads older ones. */
export class LogView {
  #log = byId('log');
  #pill = byId('pill');
  #list = h('div', 'list');
  #drawn = new Map();
  #pinned = true;
  #scrolled = new WeakMap();
  #room = null;

  /**
   * @param {{ store: import('../store.js').ChatStore, actions: { retry: Function, discard: Function } }} parts
   */
  constructor({ store, actions }) {
    this.store = store;
    this.actions = actions;
    this.#log.append(this.#list);
    const draw = eachFrame(() => this.#draw());
    store.on('timeline', room => room === store.active && draw());
    store.on('active', () => this.#show());
    store.on('rooms', () => this.#drawPill());
    this.#log.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    this.#log.addEventListener('keydown', event => this.#onKey(event));
    this.#pill.addEventListener('click', () => this.toNewest());
    document.addEventListener('visibilitychange', () => this.#attend());
    new ResizeObserver(() => this.#pinned && this.#toEnd()).observe(this.#log);
    this.#show();
  }

  /** Draws everything anew, for another room or another language. */
  redraw() {
    this.#drawn.clear();
    this.#list.replaceChildren();
    this.#draw();
    this.#drawPill();
  }

  toNewest() {
    this.#pinned = true;
    this.#toEnd();
    this.#attend();
  }

  #show() {
    this.#room = this.store.active;
    const kept = this.#scrolled.get(this.#room);
    // A list that changes as a whole is not news: it is not read out.
    this.#log.setAttribute('aria-live', 'off');
    this.redraw();
    this.#pinned = kept === undefined;
    if (!this.#pinned) this.#log.scrollTop = kept;
    else this.#showDividerOrEnd();
    this.#attend();
    setTimeout(() => this.#log.setAttribute('aria-live', 'polite'), 500);
  }

  #draw() {
    const { items } = this.#room.timeline;
    const present = new Set(items.map(item => item.id));
    const gone = [...this.#drawn].filter(([id]) => !present.has(id));
    const before = this.#pinned || gone.length === 0 ? null : this.#log.scrollHeight;
    for (const [id, { element }] of gone) {
      element.remove();
      this.#drawn.delete(id);
    }
    if (before !== null) this.#log.scrollTop -= before - this.#log.scrollHeight;
    items.forEach((item, index) => this.#drawItem(item, items[index - 1]));
    if (this.#pinned) this.#toEnd();
  }

  #drawItem(item, previous) {
    const drawn = this.#drawn.get(item.id);
    if (drawn?.rev === item.rev && drawn.after === previous?.id) return;
    const element = messageRow(item, previous, this.actions);
    if (drawn) drawn.element.replaceWith(element);
    else this.#list.append(element);
    this.#drawn.set(item.id, { element, rev: item.rev, after: previous?.id });
  }

  #showDividerOrEnd() {
    const divider = this.#list.querySelector('.divider');
    if (divider && this.#room.unread > 0) {
      this.#log.scrollTop = Math.max(0, divider.offsetTop - this.#log.clientHeight / 3);
      this.#pinned = this.#distance() < PinnedPx;
    } else this.#toEnd();
  }

  #onScroll() {
    const pinned = this.#distance() < PinnedPx;
    if (pinned) this.#scrolled.delete(this.#room);
    else this.#scrolled.set(this.#room, this.#log.scrollTop);
    if (pinned === this.#pinned) return;
    this.#pinned = pinned;
    this.#attend();
  }

  /** Up and Down walk from message to message, Home and End go to the ends; Ctrl+C copies the one in focus. */
  #onKey(event) {
    const rows = [...this.#list.querySelectorAll('.row')];
    const at = rows.indexOf(event.target.closest('.row'));
    const next = { ArrowUp: at < 0 ? rows.length - 1 : at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 }[event.key];
    if (next !== undefined && !event.ctrlKey && !event.metaKey && rows[next] && (at >= 0 || event.key === 'ArrowUp')) {
      event.preventDefault();
      rows[next].focus();
    } else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && at >= 0 && getSelection().isCollapsed) {
      rows[at].querySelector('.copy').click();
    }
  }

  #attend() {
    this.store.attend(this.#pinned && document.visibilityState === 'visible');
    this.#drawPill();
  }

  #drawPill() {
    const { unread } = this.store.active;
    this.#pill.hidden = this.#pinned;
    this.#pill.classList.toggle('fresh', unread > 0);
    this.#pill.replaceChildren(icon('down'), h('span', { text: unread > 0 ? t('log.newMessages', { n: unread }) : t('log.toNewest') }));
  }

  #distance() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight;
  }

  #toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
  }
}
