import { h } from './dom.js';

const Link = /\bhttps?:\/\/[^\s<>"'`{}|\\^\u2018-\u201f\u3000-\u303f\uff01-\uff5e]+/giu;
const Trailing = /[.,;:!?…*_~]+$/u;
const OnlyEmoji = /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\ufe0f|\u200d\p{Extended_Pictographic})*\s*){1,4}$/u;

/** A text as nodes: plain text, and anchors for http and https addresses. */
export function richText(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(Link)) {
    const address = trim(match[0]);
    if (!isWeb(address)) continue;
    nodes.push(text.slice(from, match.index));
    nodes.push(h('a', { href: address, target: '_blank', rel: 'noopener noreferrer nofollow', text: address }));
    from = match.index + address.length;
  }
  nodes.push(text.slice(from));
  return nodes;
}

export function isOnlyEmoji(text) {
  return text.length <= 40 && OnlyEmoji.test(text.trim());
}

/** Punctuation at the end belongs to the sentence, and a closing bracket to its opening one. */
function trim(address) {
  const bare = address.replace(Trailing, '');
  const count = char => bare.split(char).length;
  return (bare.endsWith(')') && count(')') > count('(')) || (bare.endsWith(']') && count(']') > count('[')) ? trim(bare.slice(0, -1)) : bare;
}

function isWeb(address) {
  try {
    return ['http:', 'https:'].includes(new URL(address).protocol);
  } catch {
    return false;
  }
}
