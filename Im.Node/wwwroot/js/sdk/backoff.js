/** Full jitter: each wait is drawn from the whole range below a cap that doubles, so that a crowd does not return as one. */
export class Backoff {
  #attempt = 0;

  constructor({ firstMs = 1000, maxMs = 30_000, random = Math.random } = {}) {
    this.firstMs = firstMs;
    this.maxMs = maxMs;
    this.random = random;
  }

  /** @returns {number} milliseconds to wait before the next attempt */
  next() {
    const cap = Math.min(this.maxMs, this.firstMs * 2 ** this.#attempt);
    if (cap < this.maxMs) this.#attempt++;
    return Math.round(this.random() * cap);
  }

  reset() {
    this.#attempt = 0;
  }
}
