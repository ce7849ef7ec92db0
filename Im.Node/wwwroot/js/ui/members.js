import { language, t } from '../i18n.js';
import { avatar } from './avatar.js';
import { byId, eachFrame, h, icon, label } from './dom.js';

const MaxRows = 200;

/** Who is in the active conversation: oneself first, then by name; at most 200 rows, the rest as a number. A click begins a conversation with one. */
export class MembersView {
  #list = byId('members');
  #note = byId('members-note');
  #add = byId('members-add');

  /**
   * @param {{ store: import('../store.js').ChatStore, onTalk: (name: string) => void, onMention: (name: string) => void, onAdd: () => void }} parts
   */
  constructor({ store, onTalk, onMention, onAdd }) {
    this.store = store;
    this.onTalk = onTalk;
    this.onMention = onMention;
    this.#add.addEventListener('click', onAdd);
    const draw = eachFrame(() => this.draw());
    store.on('members', room => room === store.active && draw());
    for (const event of ['active', 'self', 'presence']) store.on(event, draw);
    this.draw();
  }

  draw() {
    const { members, peer, isRoom, isGroup } = this.store.active;
    const listed = isRoom || isGroup;
    const focused = document.activeElement?.closest?.('#members [data-user]')?.dataset.user;
    const order = new Intl.Collator(language.code === 'zh' ? 'zh-CN' : 'en');
    const others = (peer ? [peer] : [...members.names]).filter(name => name !== this.store.self).sort(order.compare);
    const rows = [this.store.self, ...others].filter(Boolean).slice(0, MaxRows);
    this.#list.replaceChildren(...(listed || peer ? rows.map(name => this.#row(name)) : []));
    byId('members-count').textContent = listed && members.count > 0 ? members.count : '';
    this.#note.textContent = listed ? this.#noteText(members, rows.length) : '';
    this.#add.hidden = !(isGroup && ['owner', 'admin'].includes(members.roles.get(this.store.self)));
    if (focused) [...this.#list.querySelectorAll('button')].find(button => button.dataset.user === focused)?.focus();
  }

  #noteText({ state, count }, shown) {
    if (state === 'loading') return t('members.loading');
    if (state === 'failed') return t('members.failed');
    return count > shown ? t('members.more', { n: count - shown }) : '';
  }

  #row(name) {
    const role = this.store.active.members.roles.get(name);
    const tags = [role && role !== 'member' ? t(`role.${role}`) : '', name === this.store.self ? t('members.you') : ''].filter(Boolean).map(text => h('span', { class: 'tag', text }));
    const who = [this.#picture(name), h('bdi', { class: 'member-name', text: name }), ...tags];
    if (name === this.store.self) return h('li', 'member self', ...who);
    const talk = h('button', { class: 'member', type: 'button', 'data-user': name, on: { click: () => this.onTalk(name) } }, ...who);
    talk.title = t('members.talk', { name });
    const mention = h('button', { class: 'icon-button small mention', type: 'button', on: { click: () => this.onMention(name) } }, icon('at'));
    label(mention, t('members.mention', { name }));
    return h('li', 'member-row', talk, this.store.active.isWritable ? mention : null);
  }

  #picture(name) {
    const online = this.store.presence.get(name)?.state === 'online';
    return h('span', 'pictured', avatar(name), online ? h('span', 'presence-dot', h('span', { class: 'sr', text: t('presence.online') })) : null);
  }
}
