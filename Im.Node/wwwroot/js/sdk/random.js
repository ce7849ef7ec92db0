const Alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Letters and digits from a secure source; `crypto.randomUUID` is missing on plain http hosts. */
export function randomId(length) {
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), byte => Alphabet[byte % Alphabet.length]).join('');
}
