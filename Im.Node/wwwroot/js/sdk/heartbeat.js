import { systemClock } from './clock.js';

const Defaults = { firstMs: 15_000, intervalMs: 30_000, timeoutMs: 75_000 };
const ProbeMs = 5_000;

/** Keeps one socket honest: beats as the server asked, and says `dead` when nothing has come for too long. */
export class Heartbeat {
  #plan = Defaults;
  #beatTimer = 0;
  #watchTimer = 0;
  #heardAt = 0;

  /**
   * @param {{ beat: () => void, dead: () => void, clock?: import('./clock.js').Clock }} hooks
   */
  constructor({ beat, dead, clock = systemClock }) {
    this.beat = beat;
    this.dead = dead;
    this.clock = clock;
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
    this.clock.cancel(this.#beatTimer);
    this.clock.cancel(this.#watchTimer);
  }

  /** Any frame proves that the connection lives. */
  heard() {
    this.#heardAt = this.clock.now();
  }

  /** Asks now and expects an answer soon: after a sleep or a change of network the socket may be a corpse. */
  probe() {
    const askedAt = this.clock.now();
    this.beat();
    this.clock.cancel(this.#watchTimer);
    this.#watchTimer = this.clock.after(ProbeMs, () => {
      if (this.#heardAt < askedAt) this.dead();
      else this.#watch(this.#plan.timeoutMs);
    });
  }

  #schedule(ms) {
    this.#beatTimer = this.clock.after(ms, () => {
      this.#schedule(this.#plan.intervalMs);
      this.beat();
    });
  }

  #watch(ms) {
    this.#watchTimer = this.clock.after(ms, () => {
      const left = this.#plan.timeoutMs - (this.clock.now() - this.#heardAt);
      if (left <= 0) this.dead();
      else this.#watch(left);
    });
  }
}
