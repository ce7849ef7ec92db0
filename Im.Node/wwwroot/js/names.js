import { Adjectives, Animals } from './name-lists.js';

const MaxTries = 40;

function pick(list) {
  return list[Math.floor(Math.random() * list.length)];
}

/**
 * A guest's name that nobody in `taken` bears, as long as chance finds one; else with a number behind it.
 * @param {'en' | 'zh'} language
 * @param {Set<string>} taken
 */
export function randomName(language, taken = new Set()) {
  let name = '';
  for (let i = 0; i < MaxTries; i++) {
    name = combine(language, pick(Adjectives[language]), pick(Animals));
    if (!taken.has(name)) return name;
  }
  return `${language === 'zh' ? name.slice(3) : name.split(' ')[1]} ${100 + Math.floor(Math.random() * 9_900)}`;
}

function combine(language, adjective, [, english, chinese]) {
  return language === 'zh' ? adjective + chinese : `${adjective} ${english}`;
}

/** Every name the lists can make, for a test that none of them would be refused. */
export function* allNames(language) {
  for (const adjective of Adjectives[language]) {
    for (const animal of Animals) yield combine(language, adjective, animal);
  }
}

/** @returns {string | null} the picture of the animal that a name ends with or, numbered, begins with */
export function animalOf(name) {
  const bare = name.replace(/ \d+$/, '');
  const found = Animals.find(([, english, chinese]) => bare.endsWith(chinese) || bare === english || bare.endsWith(` ${english}`));
  return found ? found[0] : null;
}
