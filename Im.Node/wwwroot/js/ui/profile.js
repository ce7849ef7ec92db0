import { language, t } from '../i18n.js';
import { randomName } from '../names.js';
import { isUserName } from '../sdk/index.js';
import { avatar, dressAvatar } from './avatar.js';
import { byId, h } from './dom.js';

/** Who one is here, and for a guest the dialog that changes it. */
export class ProfileView {
  #dialog = byId('profile-dialog');
  #input = byId('profile-name');
  #error = byId('profile-error');
  #picture = byId('profile-avatar');

  /**
   * @param {{ store: import('../store.js').ChatStore, guests: boolean, onRename: (name: string) => void, onSignIn: () => void }} parts
   */
  constructor({ store, guests, onRename, onSignIn }) {
    this.store = store;
    this.guests = guests;
    this.onRename = onRename;
    byId('me').addEventListener('click', () => (guests ? this.open() : onSignIn()));
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
    const what = t(this.guests ? 'profile.edit' : 'profile.other');
    me.replaceChildren(...(name ? [avatar(name)] : []), h('span', 'lines', h('bdi', { class: 'me-name', text: name }), h('span', { class: 'preview', text: t(this.guests ? 'profile.guest' : 'profile.signedIn') })),
      h('span', { class: 'sr', text: what }));
    me.title = what;
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
