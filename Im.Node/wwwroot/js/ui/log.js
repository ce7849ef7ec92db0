import { t } from '../i18n.js';
import { byId, eachFrame, h, icon } from './dom.js';
import { messageRow } from './message-row.js';

const PinnedPx = 48;
const NearTopPx = 600;

/** The messages of the active conversation: follows the newest line unless somebody reads older ones, which come as one scrolls up to them. */
export class LogView {
  #log = byId('log');
  #pill = byId('pill');
  #top = h('p', { class: 'top', 'aria-live': 'off' });
  #list = h('div', 'list');
  #drawn = new Map();
  #pinned = true;
  #scrolled = new WeakMap();
  #room = null;

  /**
   * @param {{ store: import('../store.js').ChatStore, actions: import('./message-row.js').Actions, onTop: () => void }} parts
   */
  constructor({ store, actions, onTop }) {
    this.store = store;
    this.actions = actions;
    this.onTop = onTop;
    this.#log.append(this.#top, this.#list);
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
    const { items, complete, oldest } = this.#room.timeline;
    const anchor = this.#pinned ? null : this.#anchor();
    this.#top.textContent = this.#room.loading ? t('log.loading') : complete && oldest > 1 ? t('log.beginning') : '';
    const present = new Set(items.map(item => item.id));
    for (const [id, { element }] of this.#drawn) {
      if (present.has(id)) continue;
      element.remove();
      this.#drawn.delete(id);
    }
    let next = this.#list.firstChild;
    items.forEach((item, index) => {
      const before = this.#drawn.get(item.id)?.element;
      const element = this.#drawItem(item, items[index - 1], index === items.length - 1);
      if (before === next) next = element;
      if (element === next) next = next.nextSibling;
      else this.#list.insertBefore(element, next);
    });
    if (this.#pinned) this.#toEnd();
    else if (anchor) this.#keepAt(anchor);
    this.#readMore();
  }

  /** The first line that can be seen, and where it ends: it stays there while lines come and go above it, also when it loses its head to one of them. */
  #anchor() {
    const { top } = this.#log.getBoundingClientRect();
    const element = [...this.#list.children].find(row => row.getBoundingClientRect().bottom > top);
    const id = [...this.#drawn].find(([, drawn]) => drawn.element === element)?.[0];
    return id === undefined ? null : { id, bottom: element.getBoundingClientRect().bottom };
  }

  #keepAt({ id, bottom }) {
    const element = this.#drawn.get(id)?.element;
    if (element) this.#log.scrollTop += element.getBoundingClientRect().bottom - bottom;
  }

  #drawItem(item, previous, isLast) {
    const drawn = this.#drawn.get(item.id);
    const receipts = item.own && item.kind === 'text' ? this.actions.receipts(item, isLast) : '';
    const state = `${item.rev}/${previous?.id}/${previous?.rev}/${receipts}`;
    if (drawn?.state === state) return drawn.element;
    const element = messageRow(item, previous, this.actions, receipts);
    if (drawn?.element.contains(document.activeElement)) queueMicrotask(() => element.querySelector('.row')?.focus());
    drawn?.element.replaceWith(element);
    this.#drawn.set(item.id, { element, state });
    return element;
  }

  #readMore() {
    if (this.#log.scrollTop < NearTopPx) this.onTop();
  }

  #showDividerOrEnd() {
    const divider = this.#list.querySelector('.divider');
    if (divider && this.#room.unread > 0) {
      this.#log.scrollTop = Math.max(0, divider.offsetTop - this.#log.clientHeight / 3);
      this.#pinned = this.#distance() < PinnedPx;
    } else this.#toEnd();
  }

  #onScroll() {
    this.#readMore();
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
