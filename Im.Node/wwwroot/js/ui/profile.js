import { language, t } from '../i18n.js';
import { randomName } from '../names.js';
import { isUserName } from '../protocol.js';
import { avatar, dressAvatar } from './avatar.js';
import { byId, h } from './dom.js';

/** The guest's own name, and the dialog that changes it. */
export class ProfileView {
  #dialog = byId('profile-dialog');
  #input = byId('profile-name');
  #error = byId('profile-error');
  #picture = byId('profile-avatar');

  /**
   * @param {{ store: import('../store.js').ChatStore, onRename: (name: string) => void }} parts
   */
  constructor({ store, onRename }) {
    this.store = store;
    this.onRename = onRename;
    byId('me').addEventListener('click', () => this.open());
    byId('profile-cancel').addEventListener('click', () => this.#dialog.close());
    byId('profile-random').addEventListener('click', () => this.#set(randomName(language.code, store.active.members.names)));
    byId('profile-form').addEventListener('submit', event => this.#onSubmit(event));
    this.#input.addEventListener('input', () => this.#set(this.#input.value));
    store.on('self', () => this.draw());
    this.draw();
  }

  open() {
    this.#set(this.store.self);
    this.#dialog.showModal();
    this.#input.select();
  }

  draw() {
    const me = byId('me');
    const name = this.store.self;
    me.replaceChildren(...(name ? [avatar(name)] : []), h('span', 'lines', h('bdi', { class: 'me-name', text: name }), h('span', { class: 'preview', text: t('profile.guest') })),
      h('span', { class: 'sr', text: t('profile.edit') }));
    me.title = t('profile.edit');
  }

  #set(name) {
    if (this.#input.value !== name) this.#input.value = name;
    dressAvatar(this.#picture, name.trim() || '?');
    this.#fail('');
  }

  #onSubmit(event) {
    event.preventDefault();
    const name = this.#input.value.trim();
    if (!isUserName(name)) {
      this.#fail(t('profile.invalid'));
      return;
    }
    this.#dialog.close();
    this.onRename(name);
  }

  #fail(text) {
    this.#error.textContent = text;
    if (text) this.#input.setAttribute('aria-invalid', 'true');
    else this.#input.removeAttribute('aria-invalid');
  }
}
