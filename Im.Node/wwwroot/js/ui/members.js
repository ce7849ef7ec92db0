import { language, t } from '../i18n.js';
import { avatar } from './avatar.js';
import { byId, eachFrame, h, label } from './dom.js';

const MaxRows = 200;

/** Who is in the active room: oneself first, then by name; at most 200 rows, the rest as a number. */
export class MembersView {
  #list = byId('members');
  #note = byId('members-note');

  /**
   * @param {{ store: import('../store.js').ChatStore, onMention: (name: string) => void }} parts
   */
  constructor({ store, onMention }) {
    this.store = store;
    this.onMention = onMention;
    const draw = eachFrame(() => this.draw());
    store.on('members', room => room === store.active && draw());
    for (const event of ['active', 'self']) store.on(event, draw);
    this.draw();
  }

  draw() {
    const { members, isRoom } = this.store.active;
    const order = new Intl.Collator(language.code === 'zh' ? 'zh-CN' : 'en');
    const others = [...members.names].filter(name => name !== this.store.self).sort(order.compare);
    const rows = [this.store.self, ...others].filter(Boolean).slice(0, MaxRows);
    this.#list.replaceChildren(...(isRoom ? rows.map(name => this.#row(name)) : []));
    byId('members-count').textContent = isRoom && members.count > 0 ? members.count : '';
    this.#note.textContent = isRoom ? this.#noteText(members, rows.length) : '';
  }

  #noteText({ state, count }, shown) {
    if (state === 'loading') return t('members.loading');
    if (state === 'failed') return t('members.failed');
    return count > shown ? t('members.more', { n: count - shown }) : '';
  }

  #row(name) {
    if (name === this.store.self) {
      return h('li', 'member self', avatar(name), h('bdi', { class: 'member-name', text: name }), h('span', { class: 'tag', text: t('members.you') }));
    }
    const button = h('button', { class: 'member', type: 'button', on: { click: () => this.onMention(name) } },
      avatar(name), h('bdi', { class: 'member-name', text: name }));
    label(button, t('members.mention', { name }));
    return h('li', {}, button);
  }
}
