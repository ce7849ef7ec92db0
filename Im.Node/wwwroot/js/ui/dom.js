/** Elements by hand: text goes in as text, never as markup. */

const Svg = 'http://www.w3.org/2000/svg';

/** @returns {HTMLElement} */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * @param {string} tag
 * @param {string | Record<string, any>} [props] a class, or `class`, `text`, `on` (listeners), `hidden` and attributes
 * @param {(string | Node | null)[]} children
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  const { class: className, text, on = {}, ...attributes } = typeof props === 'string' ? { class: props } : props;
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter(child => child !== null));
  return element;
}

/** @param {string} name of a symbol in the page's sprite */
export function icon(name) {
  const svg = document.createElementNS(Svg, 'svg');
  const use = document.createElementNS(Svg, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

/** The accessible name of a control, shown as its tooltip as well. */
export function label(element, text) {
  element.setAttribute('aria-label', text);
  element.title = text;
}

/** One drawing per frame, however often it is asked for; a hidden page draws when it is seen again. */
export function eachFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}
