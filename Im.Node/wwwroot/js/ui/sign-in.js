import { t } from '../i18n.js';
import { subjectOf } from '../session-token.js';
import { byId } from './dom.js';

/** Asks for a token where the server wants to know who comes. */
export class SignInView {
  #dialog = byId('sign-in');
  #token = byId('sign-in-token');
  #error = byId('sign-in-error');
  #done = () => {};

  constructor() {
    byId('sign-in-form').addEventListener('submit', event => this.#onSubmit(event));
    this.#dialog.addEventListener('cancel', event => event.preventDefault());
    this.#token.addEventListener('input', () => this.#fail(''));
  }

  /** @returns {Promise<string>} the token that was pasted */
  ask() {
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#token.focus();
    return new Promise(resolve => { this.#done = resolve; });
  }

  #onSubmit(event) {
    event.preventDefault();
    const token = this.#token.value.trim();
    if (!subjectOf(token)) {
      this.#fail(t('signIn.invalid'));
      return;
    }
    this.#token.value = '';
    this.#dialog.close();
    this.#done(token);
  }

  #fail(text) {
    this.#error.textContent = text;
    if (text) this.#token.setAttribute('aria-invalid', 'true');
    else this.#token.removeAttribute('aria-invalid');
  }
}
