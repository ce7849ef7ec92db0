const Defaults = { firstMs: 15_000, intervalMs: 30_000, timeoutMs: 75_000 };
const ProbeMs = 5_000;

/** Keeps one socket honest: beats as the server asked, and says `dead` when nothing has come for too long. */
export class Heartbeat {
  #plan = Defaults;
  #beatTimer = 0;
  #watchTimer = 0;
  #heardAt = 0;

  /**
   * @param {{ beat: () => void, dead: () => void, now?: () => number }} hooks
   */
  constructor({ beat, dead, now = () => Date.now() }) {
    this.beat = beat;
    this.dead = dead;
    this.now = now;
  }

  /** @param {{ firstMs: number, intervalMs: number, timeoutMs: number } | undefined} plan of the login reply */
  start(plan) {
    this.stop();
    this.#plan = { ...Defaults, ...plan };
    this.heard();
    this.#schedule(this.#plan.firstMs);
    this.#watch(this.#plan.timeoutMs);
  }

  stop() {
    clearTimeout(this.#beatTimer);
    clearTimeout(this.#watchTimer);
  }

  /** Any frame proves that the connection lives. */
  heard() {
    this.#heardAt = this.now();
  }

  /** Asks now and expects an answer soon: after a sleep or a change of network the socket may be a corpse. */
  probe() {
    const askedAt = this.now();
    this.beat();
    clearTimeout(this.#watchTimer);
    this.#watchTimer = setTimeout(() => {
      if (this.#heardAt < askedAt) this.dead();
      else this.#watch(this.#plan.timeoutMs);
    }, ProbeMs);
  }

  #schedule(ms) {
    this.#beatTimer = setTimeout(() => {
      this.#schedule(this.#plan.intervalMs);
      this.beat();
    }, ms);
  }

  #watch(ms) {
    this.#watchTimer = setTimeout(() => {
      const left = this.#plan.timeoutMs - (this.now() - this.#heardAt);
      if (left <= 0) this.dead();
      else this.#watch(left);
    }, ms);
  }
}
