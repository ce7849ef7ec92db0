import { Emitter } from './sdk/emitter.js';
import en from './lang/en.js';
import zh from './lang/zh.js';
import { installation } from './sdk/storage.js';

export const dictionaries = { en, zh };

const Key = 'im.lang';

/** The page's language: chosen once by hand, else the browser's; changes without a reload. */
class Language extends Emitter {
  code = installation.get(Key) ?? (navigator.languages.find(tag => /^(en|zh)\b/i.test(tag)) ?? 'en').slice(0, 2).toLowerCase();

  #plural = new Intl.PluralRules(this.code);

  use(code) {
    this.code = code;
    this.#plural = new Intl.PluralRules(code);
    installation.set(Key, code);
    this.emit('change');
  }

  template(key, n) {
    const dictionary = dictionaries[this.code] ?? en;
    const plural = n === undefined ? undefined : dictionary[`${key}.${this.#plural.select(n)}`];
    return plural ?? dictionary[key] ?? key;
  }
}

export const language = new Language();

/** A text with its `{holes}` filled; names that come from people are isolated, so that their direction stays theirs. */
export function t(key, vars = {}) {
  return language.template(key, vars.n).replace(/\{(\w+)\}/g, (_, hole) => {
    const value = String(vars[hole] ?? '');
    return hole === 'name' || hole === 'room' ? `\u2068${value}\u2069` : value;
  });
}

/**
 * The same for a line of elements: the template's text, with what `vars` holds, nodes or strings, in its holes.
 * @returns {(string | Node)[]}
 */
export function pieces(key, vars = {}) {
  return language.template(key, vars.n).split(/\{(\w+)\}/).flatMap((part, index) => (index % 2 ? vars[part] ?? [] : part || []));
}
