import { t } from '../i18n.js';
import { byId, h } from './dom.js';
import { EmojiGroups } from './emoji-list.js';

const Columns = 8;

/** A small grid of emoji: arrow keys walk, Enter picks, Escape closes; it stays open while picking with the mouse. */
export class EmojiPicker {
  #panel = byId('emoji');
  #button = byId('emoji-open');

  /** @param {{ onPick: (emoji: string) => void, onClose: () => void }} parts */
  constructor({ onPick, onClose }) {
    this.onPick = onPick;
    this.onClose = onClose;
    this.#button.addEventListener('click', () => (this.#panel.hidden ? this.#open() : this.#close()));
    this.#panel.addEventListener('keydown', event => this.#onKey(event));
    this.#panel.addEventListener('click', event => this.#onClick(event));
    document.addEventListener('pointerdown', event => {
      if (!this.#panel.hidden && !this.#panel.contains(event.target) && !this.#button.contains(event.target)) this.#hide();
    });
  }

  #open() {
    this.#panel.replaceChildren(...EmojiGroups.map(([title, emojis]) => h('div', { role: 'group', 'aria-label': t(title) },
      h('p', { class: 'emoji-title', text: t(title) }),
      h('div', 'emoji-grid', ...split(emojis).map(text => h('button', { type: 'button', class: 'emoji-cell', tabindex: '-1', text }))))));
    this.#panel.hidden = false;
    this.#button.setAttribute('aria-expanded', 'true');
    this.#focus(this.#cells[0]);
  }

  #hide() {
    this.#panel.hidden = true;
    this.#button.setAttribute('aria-expanded', 'false');
  }

  #close() {
    this.#hide();
    this.onClose();
  }

  get #cells() {
    return [...this.#panel.querySelectorAll('.emoji-cell')];
  }

  #focus(cell) {
    for (const other of this.#cells) other.tabIndex = other === cell ? 0 : -1;
    cell.focus();
  }

  #onClick(event) {
    const cell = event.target.closest('.emoji-cell');
    if (!cell) return;
    this.onPick(cell.textContent);
    // A click by keyboard has no pointer: whoever picked by keyboard goes on writing.
    if (event.detail === 0) this.#close();
  }

  #onKey(event) {
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.#close();
      return;
    }
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: Columns, ArrowUp: -Columns }[event.key];
    if (!step) return;
    event.preventDefault();
    const cells = this.#cells;
    const next = cells.indexOf(document.activeElement) + step;
    if (cells[next]) this.#focus(cells[next]);
  }
}

function split(emojis) {
  return Array.from(new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(emojis), part => part.segment);
}
