import { language, t } from '../i18n.js';
import { label } from './dom.js';

/** Puts the page's language into what the markup names by `data-t`, `data-t-label` and `data-t-placeholder`. */
export function translateMarkup() {
  document.documentElement.lang = language.code === 'zh' ? 'zh-CN' : 'en';
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll('[data-t-placeholder]')) element.placeholder = t(element.dataset.tPlaceholder);
  for (const element of document.querySelectorAll('[data-t-label]')) {
    if (element.matches('button')) label(element, t(element.dataset.tLabel));
    else element.setAttribute('aria-label', t(element.dataset.tLabel));
  }
}
