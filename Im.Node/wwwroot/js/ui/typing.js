import { pieces } from '../i18n.js';
import { byId, h } from './dom.js';

const MaxNames = 2;

/** Who is writing in the active conversation now. */
export class TypingView {
  #line = byId('typing');

  /** @param {{ store: import('../store.js').ChatStore }} parts */
  constructor({ store }) {
    this.store = store;
    for (const event of ['typing', 'active', 'timeline']) store.on(event, () => this.draw());
    this.draw();
  }

  draw() {
    const now = Date.now();
    const users = [...this.store.active.typing].filter(([, until]) => until > now).map(([user]) => user);
    if (users.length === 0) this.#line.replaceChildren();
    else if (users.length > MaxNames) this.#line.replaceChildren(...pieces('typing.many'));
    else {
      const names = users.flatMap((user, index) => [...(index > 0 ? [', '] : []), h('bdi', { text: user })]);
      this.#line.replaceChildren(...pieces('typing', { names, n: users.length }));
    }
  }
}
