import { byId } from './dom.js';

/** On narrow screens rooms and members come in from the sides, one at a time; what lies behind cannot be reached meanwhile. */
export class Drawers {
  #open = null;
  #opener = null;
  #narrow = {
    rooms: matchMedia('(max-width: 767.98px)'),
    members: matchMedia('(max-width: 1099.98px)'),
  };

  constructor() {
    for (const name of ['rooms', 'members']) {
      byId(`${name}-open`).addEventListener('click', event => this.#show(name, event.currentTarget));
      byId(`${name}-close`).addEventListener('click', () => this.close());
      this.#narrow[name].addEventListener('change', () => this.close());
    }
    byId('scrim').addEventListener('click', () => this.close());
    document.addEventListener('keydown', event => event.key === 'Escape' && this.#open && !document.querySelector('dialog[open]') && this.close());
    this.#apply();
  }

  close() {
    const opener = this.#opener;
    this.#open = this.#opener = null;
    this.#apply();
    opener?.focus();
  }

  #show(name, opener) {
    this.#open = name;
    this.#opener = opener;
    this.#apply();
    byId(`${name}-close`).focus();
  }

  #apply() {
    byId('app').dataset.drawer = this.#open ?? '';
    for (const [name, { matches }] of Object.entries(this.#narrow)) {
      byId(`${name}-pane`).inert = (matches || this.#open !== null) && this.#open !== name;
    }
    byId('chat').inert = this.#open !== null;
  }
}
