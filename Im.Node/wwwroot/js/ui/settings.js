import { language, t } from '../i18n.js';
import { installation } from '../sdk/storage.js';
import { byId, icon, label } from './dom.js';

const Key = 'im.theme';
const Themes = ['auto', 'light', 'dark'];

/** Appearance (as the system, light, dark) and language. */
export class SettingsView {
  #theme = Themes.includes(installation.get(Key)) ? installation.get(Key) : 'auto';

  constructor() {
    byId('theme').addEventListener('click', () => this.#nextTheme());
    byId('language').addEventListener('click', () => language.use(language.code === 'zh' ? 'en' : 'zh'));
    this.draw();
  }

  draw() {
    const button = byId('theme');
    button.replaceChildren(icon(this.#theme));
    label(button, t(`theme.${this.#theme}`));
    const other = byId('language');
    other.textContent = language.code === 'zh' ? 'EN' : '中';
    other.lang = language.code === 'zh' ? 'en' : 'zh-CN';
  }

  #nextTheme() {
    this.#theme = Themes[(Themes.indexOf(this.#theme) + 1) % Themes.length];
    installation.set(Key, this.#theme);
    if (this.#theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.#theme;
    this.draw();
  }
}
