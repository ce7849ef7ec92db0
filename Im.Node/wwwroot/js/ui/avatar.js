import { animalOf } from '../names.js';
import { h } from './dom.js';

const Hues = 18;

function hueOf(name) {
  let hash = 0;
  for (const char of name) hash = (hash * 31 + char.codePointAt(0)) >>> 0;
  return (hash % Hues) * (360 / Hues);
}

function firstLetter(name) {
  return (String.fromCodePoint(name.codePointAt(0) ?? 63)).toLocaleUpperCase();
}

/** Gives an element the colour and the picture that belong to a name: its animal, or its first letter. */
export function dressAvatar(element, name) {
  const animal = animalOf(name);
  element.style.setProperty('--hue', hueOf(name));
  element.classList.toggle('animal', animal !== null);
  // Drawn, not written: a letter is no part of what a button says.
  element.dataset.picture = animal ?? firstLetter(name);
}

export function avatar(name) {
  const element = h('span', { class: 'avatar', 'aria-hidden': 'true' });
  dressAvatar(element, name);
  return element;
}
