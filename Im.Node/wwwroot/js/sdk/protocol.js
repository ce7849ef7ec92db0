/** The wire's vocabulary: envelopes, codes and the rules for names. Knows neither sockets nor pages. */

/** Reply codes that a client acts on by name. */
export const Reply = Object.freeze({
  ok: 200,
  badUserId: 1002,
  unauthorized: 1003,
  serverError: 1004,
  operationFailed: 1009,
  tokenExpired: 1011,
  tokenInvalid: 1012,
  forbidden: 1013,
  tooLarge: 1014,
  rateLimited: 1015,
  overloaded: 1016,
  outcomeUnknown: 1017,
  conflict: 1018,
  devicePolicy: 1019,
  notAMember: 1020,
  muted: 1021,
  epochChanged: 1022,
  rangeNotKept: 1023,
  noSuchConversation: 1027,
});

const TemporaryCodes = new Set([Reply.serverError, Reply.rateLimited, Reply.overloaded, Reply.outcomeUnknown]);

/** May the same request succeed later without a change? The server's own word, when it gave one, goes first. */
export function isTemporary(code, data) {
  return typeof data?.temporary === 'boolean' ? data.temporary : TemporaryCodes.has(code);
}

/**
 * What to do after a close, by the class of its code.
 * @param {number} code
 * @returns {'stop' | 'backOff' | 'now'}
 */
export function closeAdvice(code) {
  if (code === 1000 || code === 1003 || (code >= 1007 && code <= 1010)) return 'stop';
  if (code >= 4000 && code <= 4099) return 'stop';
  if (code >= 4200 && code <= 4299) return 'now';
  return 'backOff';
}

/** @returns {string} one text frame */
export function encode(seq, cmd, data) {
  return JSON.stringify({ seq, cmd, data });
}

/**
 * @typedef {{ seq: string, cmd: string, code: number, text: string, data: any }} ServerFrame
 * @param {unknown} frame what the socket delivered
 * @returns {ServerFrame | null} null for anything that is not an envelope of ours
 */
export function decode(frame) {
  if (typeof frame !== 'string') return null;
  try {
    const { seq, cmd, response } = JSON.parse(frame);
    if (typeof cmd !== 'string' || typeof response?.code !== 'number') return null;
    return { seq: String(seq ?? ''), cmd, code: response.code, text: String(response.codeMsg ?? ''), data: response.data ?? null };
  } catch {
    return null;
  }
}

const utf8 = new TextEncoder();
const ControlCharacters = /[\u0000-\u001f\u007f-\u009f]/u;
const LoneSurrogates = /\p{Cs}/u;

export const MaxNameBytes = 64;

export function utf8Length(text) {
  return utf8.encode(text).length;
}

function isName(text) {
  return text.length > 0 && utf8Length(text) <= MaxNameBytes && !ControlCharacters.test(text) && !LoneSurrogates.test(text);
}

export function isUserName(text) {
  return isName(text) && !text.includes('|');
}

export function isRoomName(text) {
  return isName(text) && !/[/|]/.test(text);
}

export const Lobby = 'r:lobby';

export function isRoom(conv) {
  return conv.startsWith('r:');
}

/** The conversation of two users, the same for both: sorted by UTF-16 code units, as the server does. */
export function oneToOne(one, other) {
  return `p:${[one, other].sort().join('|')}`;
}

/** @returns {string | null} the other one of a one-to-one conversation */
export function peerOf(conv, self) {
  if (!conv.startsWith('p:')) return null;
  const [one, other] = conv.slice(2).split('|');
  return one === self ? other : one;
}

/** The part of a conversation id that people read: `r:tea` is `tea`. */
export function nameOf(conv) {
  return conv.slice(conv.indexOf(':') + 1);
}
