import { t } from '../i18n.js';
import { isRoomName, isUserName } from '../sdk/index.js';
import { avatar } from './avatar.js';
import { byId, h } from './dom.js';

const MaxSuggestions = 100;

/** Makes a group, or brings people into one: those known from here by a tick, others by their name. */
export class GroupDialog {
  #dialog = byId('group-dialog');
  #name = byId('group-name');
  #others = byId('group-others');
  #people = byId('group-people');
  #error = byId('group-error');
  #room = null;

  /**
   * @param {{ store: import('../store.js').ChatStore, chat: import('../chat.js').Chat, onDone: () => void }} parts
   */
  constructor({ store, chat, onDone }) {
    this.store = store;
    this.chat = chat;
    this.onDone = onDone;
    byId('group-cancel').addEventListener('click', () => this.#dialog.close());
    byId('group-form').addEventListener('submit', event => this.#onSubmit(event));
    for (const input of [this.#name, this.#others]) input.addEventListener('input', () => this.#fail(''));
  }

  create() {
    this.#open(null);
  }

  /** @param {import('../conversation.js').Conversation} room */
  add(room) {
    this.#open(room);
  }

  draw() {
    byId('group-title').textContent = t(this.#room ? 'group.add' : 'group.create');
    byId('group-submit').textContent = t(this.#room ? 'group.addNow' : 'group.createNow');
  }

  #open(room) {
    this.#room = room;
    this.draw();
    byId('group-name-field').hidden = room !== null;
    this.#name.value = this.#others.value = '';
    this.#fail('');
    this.#people.replaceChildren(...this.#known(room).map(name => h('label', 'person',
      h('input', { type: 'checkbox', value: name }), avatar(name), h('bdi', { text: name }))));
    byId('group-people-field').hidden = this.#people.childElementCount === 0;
    this.#dialog.showModal();
    (room ? this.#others : this.#name).focus();
  }

  #known(room) {
    const { rooms, self } = this.store;
    const names = new Set([...rooms.values()].flatMap(each => [each.peer, ...each.members.names]));
    return [...names].filter(name => name && name !== self && !room?.members.has(name)).sort().slice(0, MaxSuggestions);
  }

  async #onSubmit(event) {
    event.preventDefault();
    const ticked = [...this.#people.querySelectorAll('input:checked')].map(input => input.value);
    const typed = this.#others.value.split(/[,，\n]/).map(name => name.trim()).filter(Boolean);
    const users = [...new Set([...ticked, ...typed])].filter(name => name !== this.store.self);
    const name = this.#name.value.trim();
    if (!this.#room && !isRoomName(name)) this.#fail(t('group.badName'));
    else if (users.some(user => !isUserName(user))) this.#fail(t('group.badUser'));
    else if (this.#room && users.length === 0) this.#fail(t('group.nobody'));
    else await this.#submit(name, users);
  }

  async #submit(name, users) {
    const submit = byId('group-submit');
    submit.disabled = true;
    try {
      if (this.#room) await this.chat.addToGroup(this.#room, users);
      else await this.chat.createGroup(name, users);
      this.#dialog.close();
      this.onDone();
    } catch (error) {
      this.#fail(t('group.failed', { code: error.code || '–' }));
    }
    submit.disabled = false;
  }

  #fail(text) {
    this.#error.textContent = text;
  }
}
